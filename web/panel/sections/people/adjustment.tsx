/** Setting a balance right: what it will be, why, and above the limit the amount typed again and a second person. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { adjustBalance, listSettings } from '../../../../worker/protocol/http/admin.ts';
import type { WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import { MAX_AMOUNT, type Unit, unit as unitSchema } from '../../../../worker/protocol/money.ts';
import { newKey } from '../../../client/api.ts';
import { useSession } from '../../../ui/session.tsx';
import { Choose } from '../../desk/choose.tsx';
import { Dialog, isReason, MOST_REASON, Reason } from '../../desk/dialog.tsx';
import type { Done } from '../../desk/done.tsx';
import { change, figure } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

const usual: Partial<Record<WholePerson['role'], Unit>> = { companion: 'EARN' };

/** A whole number with a sign, as people write it. */
export function amountOf(text: string): number | null {
  const tidy = text.trim().replace('−', '-');
  const amount = /^[+-]?\d{1,10}$/.test(tidy) ? Number(tidy) : Number.NaN;
  return Number.isSafeInteger(amount) && amount !== 0 && Math.abs(amount) <= MAX_AMOUNT ? amount : null;
}

export function Adjustment({ person, onClose, onDone }: { person: WholePerson; onClose: () => void; onDone: (done: Done) => void }) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [key] = useState(newKey);
  const [unit, setUnit] = useState<Unit>(person.balances[0]?.unit ?? usual[person.role] ?? 'COIN');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [again, setAgain] = useState('');
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => api.call(listSettings) });
  const limits = settings.data?.items.find((item) => item.key === 'ledger.adjustmentLimit')?.value as Record<Unit, number> | undefined;
  const amount = amountOf(text);
  const before = person.balances.find((balance) => balance.unit === unit)?.amount ?? 0;
  const after = before + (amount ?? 0);
  const above = amount !== null && limits !== undefined && Math.abs(amount) > limits[unit];
  const ready = amount !== null && after >= 0 && limits !== undefined && isReason(reason) && (!above || amountOf(again) === amount);
  const adjust = async (order: { amount: number; reason: string; key: string; words: 'adjust.done' | 'adjust.undone' }): Promise<void> => {
    const body = { userId: person.id, unit, amount: order.amount, reason: order.reason };
    const answer = await api.call(adjustBalance, { body, key: order.key });
    // Above the limit the server answers with what waits instead of what was done.
    const waits = 'approvalId' in answer;
    const back = { amount: -order.amount, reason: t('adjust.undoReason', { reason: order.reason }).slice(0, MOST_REASON), key: newKey() };
    onDone({
      said: waits ? t('adjust.waits') : t(order.words, { amount: change(order.amount), unit: t(`unit.${unit}`) }),
      ...(waits || order.words === 'adjust.undone' ? {} : { undo: () => adjust({ ...back, words: 'adjust.undone' }) }),
    });
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['person', person.id] }),
      queries.invalidateQueries({ queryKey: ['events-of', person.id] }),
    ]);
  };
  return (
    <Dialog
      title={t('adjust.title', { name: person.public.displayName || person.id })}
      confirm={t(above ? 'adjust.ask' : 'adjust.confirm')}
      danger={amount !== null && amount < 0}
      ready={ready}
      onClose={onClose}
      onConfirm={async () => {
        if (amount !== null) await adjust({ amount, reason, key, words: 'adjust.done' });
      }}
    >
      <div className="entries-row">
        <Choose
          label={t('money.unit')}
          value={unit}
          options={unitSchema.options}
          wordOf={(known) => t(`unit.${known}`)}
          onChange={(known) => known && setUnit(known)}
        />
        <label className="entry">
          <span>{t('adjust.amount')}</span>
          <input
            className="field figures"
            inputMode="text"
            autoComplete="off"
            data-autofocus
            required
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
      </div>
      <p className="effect" role="status">
        {amount === null ? (
          <span className="soft">{t('adjust.lead')}</span>
        ) : (
          <>
            {t('adjust.effect', { before: figure(before), after: figure(after), unit: t(`unit.${unit}`) })}
            {after < 0 && <strong> {t('adjust.below')}</strong>}
          </>
        )}
      </p>
      <Reason value={reason} onChange={setReason} />
      {above && limits && (
        <div className="note warn stack-tight">
          <p>{t('adjust.above', { limit: figure(limits[unit]), unit: t(`unit.${unit}`) })}</p>
          <label className="entry">
            <span>{t('adjust.again', { amount: text.trim() })}</span>
            <input className="field figures" autoComplete="off" value={again} onChange={(event) => setAgain(event.currentTarget.value)} />
          </label>
        </div>
      )}
    </Dialog>
  );
}
