/** Where a product stands among the others. */
import { useState } from 'react';
import { type CatalogProduct, changeProduct } from '../../../../worker/protocol/http/shop-desk.ts';
import { useSession } from '../../../ui/session.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import { Diff } from '../../desk/diff.tsx';
import type { Done } from '../../desk/done.tsx';
import { useSeen } from '../../desk/seen.ts';
import { useWords } from '../../words.ts';
import { Whole, wholeOf } from './fields.tsx';
import { useRenew } from './reading.ts';

const MOST_RANK = 10_000;

export function Rank({ product, onDone, onClose }: { product: CatalogProduct; onDone: (done: Done) => void; onClose: () => void }) {
  const { api } = useSession();
  const { t } = useWords();
  const renew = useRenew();
  const { seen, meanwhile, save } = useSeen(product, renew);
  const [text, setText] = useState(String(product.rank));
  const rank = wholeOf(text, 0, MOST_RANK);
  const { id } = product;
  const lines = (of: { rank: number; state: CatalogProduct['state'] }) =>
    new Map([
      [t('shop.rank'), String(of.rank)],
      [t('calls.state'), t(`shop.state.${of.state}`)],
    ]);
  return (
    <Dialog
      title={t('shop.moveTitle', { product: id })}
      confirm={t(meanwhile ? 'seen.anyway' : 'seen.save')}
      ready={rank !== null && (rank !== seen.rank || meanwhile !== null)}
      onClose={onClose}
      onConfirm={() =>
        save(async (seenChangedAt) => {
          if (rank === null) return;
          const before = (meanwhile ?? seen).rank;
          const { product: next } = await api.call(changeProduct, { params: { id }, body: { rank, seenChangedAt } });
          await renew();
          onDone({
            said: t('shop.moved', { before, after: rank }),
            undo: async () => {
              await api.call(changeProduct, { params: { id }, body: { rank: before, seenChangedAt: next.changedAt } });
              await renew();
              onDone({ said: t('shop.moved', { before: rank, after: before }) });
            },
          });
        })
      }
    >
      <Whole label={t('shop.rank')} value={text} onChange={setText} wrong={rank === null} hint={t('shop.rankHint')} />
      {meanwhile && (
        <div className="note warn stack-tight">
          <p>{t('seen.crossed')}</p>
          <Diff before={lines(seen)} after={lines(meanwhile)} />
        </div>
      )}
    </Dialog>
  );
}
