/** Adding a plan, or changing what one includes: the days of everybody who has it go by it at once. */
import { useState } from 'react';
import { addPlan, type CatalogPlan, changePlan } from '../../../../worker/protocol/http/shop-desk.ts';
import { useSession } from '../../../ui/session.tsx';
import { Choose } from '../../desk/choose.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import { Diff } from '../../desk/diff.tsx';
import type { Done } from '../../desk/done.tsx';
import { useSeen } from '../../desk/seen.ts';
import { figure } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';
import { isShortName, Named, Whole, wholeOf } from './fields.tsx';
import { useRenew } from './reading.ts';
import { planWords } from './said.tsx';

const overages = ['stop', 'coins'] as const;
/** Nothing is there that somebody else could change. */
const fresh: CatalogPlan = { id: '', name: '', rank: 0, dailySeconds: 0, dailyMessages: 0, overage: 'stop', changedAt: '' };
const MOST_NAME = 40;
const MINUTES_A_DAY = 1_440;
const MOST_MESSAGES = 100_000;
const MOST_RANK = 100;

interface Props {
  /** Null: a new one. */
  readonly plan: CatalogPlan | null;
  readonly ranks: readonly number[];
  readonly onDone: (done: Done) => void;
  readonly onClose: () => void;
}

export function PlanForm({ plan, ranks, onDone, onClose }: Props) {
  const { api } = useSession();
  const { t } = useWords();
  const renew = useRenew();
  const { seen, meanwhile, save } = useSeen(plan ?? fresh, renew);
  const [id, setId] = useState(plan?.id ?? '');
  const [name, setName] = useState(plan?.name ?? '');
  const [minutesText, setMinutes] = useState(plan ? String(plan.dailySeconds / 60) : '');
  const [messagesText, setMessages] = useState(plan ? String(plan.dailyMessages) : '');
  const [rankText, setRank] = useState(String(plan?.rank ?? Math.min(MOST_RANK, Math.max(-1, ...ranks) + 1)));
  const [overage, setOverage] = useState<CatalogPlan['overage']>(plan?.overage ?? 'stop');
  const [minutes, messages, rank] = [
    wholeOf(minutesText, 0, MINUTES_A_DAY),
    wholeOf(messagesText, 0, MOST_MESSAGES),
    wholeOf(rankText, 0, MOST_RANK),
  ];
  const next =
    minutes === null || messages === null || rank === null || name.trim() === ''
      ? null
      : { name: name.trim(), rank, dailySeconds: minutes * 60, dailyMessages: messages, overage };
  const lines = (of: Omit<CatalogPlan, 'id' | 'changedAt'>) =>
    new Map([
      [t('shop.planName'), of.name],
      [t('shop.dailyMinutes'), figure(of.dailySeconds / 60)],
      [t('shop.dailyMessages'), figure(of.dailyMessages)],
      [t('shop.overage'), t(`shop.then.${of.overage}`)],
      [t('shop.rank'), String(of.rank)],
    ]);
  const add = async (): Promise<void> => {
    if (!next) return;
    await api.call(addPlan, { body: { id, ...next } });
    await renew();
    onDone({ said: t('shop.planAdded', { name: next.name }) });
  };
  const change = async (seenChangedAt: string): Promise<void> => {
    if (!next) return;
    const { id: known, changedAt: _, ...before } = meanwhile ?? seen;
    const changed = await api.call(changePlan, { params: { id: known }, body: { ...next, seenChangedAt } });
    await renew();
    onDone({
      said: t('shop.planChanged', { name: next.name }),
      undo: async () => {
        await api.call(changePlan, { params: { id: known }, body: { ...before, seenChangedAt: changed.plan.changedAt } });
        await renew();
        onDone({ said: t('shop.planBack', { name: before.name }) });
      },
    });
  };
  return (
    <Dialog
      title={plan ? t('shop.planTitle', { name: plan.name }) : t('shop.newPlan')}
      confirm={t(meanwhile ? 'seen.anyway' : plan ? 'seen.save' : 'shop.addPlan')}
      ready={next !== null && (plan !== null || isShortName(id))}
      onClose={onClose}
      onConfirm={() => (plan ? save(change) : add())}
    >
      <div className="entries-row">
        {!plan && <Named label={t('shop.planId')} hint="plus" value={id} onChange={setId} />}
        <label className="entry">
          <span>{t('shop.planName')}</span>
          <input
            className="field"
            autoComplete="off"
            required
            maxLength={MOST_NAME}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </label>
      </div>
      <div className="entries-row">
        <Whole label={t('shop.dailyMinutes')} value={minutesText} onChange={setMinutes} wrong={minutesText !== '' && minutes === null} />
        <Whole
          label={t('shop.dailyMessages')}
          value={messagesText}
          onChange={setMessages}
          wrong={messagesText !== '' && messages === null}
        />
        <Whole label={t('shop.rank')} value={rankText} onChange={setRank} wrong={rank === null} hint={t('shop.planRankHint')} />
      </div>
      <Choose
        label={t('shop.overage')}
        value={overage}
        options={overages}
        wordOf={(one) => t(`shop.then.${one}`)}
        onChange={(one) => one && setOverage(one)}
      />
      <p className="effect" role="status">
        {next ? planWords(t, next) : <span className="soft">{t('shop.planLead')}</span>}
      </p>
      {plan && next && (
        <>
          <p className="soft">{t('shop.planAtOnce')}</p>
          <Diff before={lines(meanwhile ?? seen)} after={lines(next)} />
        </>
      )}
      {meanwhile && (
        <div className="note warn stack-tight">
          <p>{t('seen.crossed')}</p>
          <Diff before={lines(seen)} after={lines(meanwhile)} />
        </div>
      )}
    </Dialog>
  );
}
