/** Drafting something to sell. Nobody sees it before it is put on sale. */
import { useState } from 'react';
import { type CatalogPlan, draftProduct } from '../../../../worker/protocol/http/shop-desk.ts';
import { useSession } from '../../../ui/session.tsx';
import { Choose } from '../../desk/choose.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import { useWords } from '../../words.ts';
import { isShortName, Named, Whole, wholeOf } from './fields.tsx';
import { useRenew } from './reading.ts';

const kinds = ['coins', 'moments', 'plan'] as const;
const periods = ['month', 'year'] as const;
const MOST_IN_PACK = 1_000_000;
const MOST_RANK = 10_000;

interface Props {
  readonly plans: readonly CatalogPlan[];
  /** Of the products that are there. */
  readonly ranks: readonly number[];
  readonly onDrafted: (id: string) => void;
  readonly onClose: () => void;
}

export function NewProduct({ plans, ranks, onDrafted, onClose }: Props) {
  const { api } = useSession();
  const { t } = useWords();
  const renew = useRenew();
  const [id, setId] = useState('');
  const [kind, setKind] = useState<(typeof kinds)[number]>('coins');
  const [amountText, setAmount] = useState('');
  const [plan, setPlan] = useState<string | undefined>();
  const [period, setPeriod] = useState<(typeof periods)[number]>('month');
  // Behind all the others, with room between.
  const [rankText, setRank] = useState(() => String(Math.min(MOST_RANK, Math.max(0, ...ranks) + 10)));
  const [amount, rank] = [wholeOf(amountText, 1, MOST_IN_PACK), wholeOf(rankText, 0, MOST_RANK)];
  const given = kind === 'plan' ? plan !== undefined && { kind, plan, period } : amount !== null && { kind, amount };
  return (
    <Dialog
      title={t('shop.new')}
      confirm={t('shop.draft')}
      ready={isShortName(id) && given !== false && rank !== null}
      onClose={onClose}
      onConfirm={async () => {
        if (given === false || rank === null) return;
        await api.call(draftProduct, { body: { id, rank, ...given } });
        await renew();
        onDrafted(id);
      }}
    >
      <p className="soft">{t('shop.newLead')}</p>
      <div className="entries-row">
        <Named label={t('shop.productId')} hint="coins-300" value={id} onChange={setId} />
        <Choose
          label={t('shop.kind')}
          value={kind}
          options={kinds}
          wordOf={(one) => t(`shop.kinds.${one}`)}
          onChange={(one) => one && setKind(one)}
        />
      </div>
      <div className="entries-row">
        {kind === 'plan' ? (
          <>
            <Choose
              label={t('shop.plan')}
              value={plan}
              options={plans.map((one) => one.id)}
              wordOf={(one) => plans.find((known) => known.id === one)?.name ?? one}
              none={t('shop.choose')}
              onChange={setPlan}
            />
            <Choose
              label={t('shop.period')}
              value={period}
              options={periods}
              wordOf={(one) => t(`shop.periods.${one}`)}
              onChange={(one) => one && setPeriod(one)}
            />
          </>
        ) : (
          <Whole label={t(`shop.howMany.${kind}`)} value={amountText} onChange={setAmount} wrong={amountText !== '' && amount === null} />
        )}
        <Whole label={t('shop.rank')} value={rankText} onChange={setRank} wrong={rank === null} hint={t('shop.rankHint')} />
      </div>
    </Dialog>
  );
}
