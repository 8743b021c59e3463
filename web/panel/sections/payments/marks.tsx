import type { RefundOrder } from '../../../../worker/protocol/http/shop-desk.ts';
import { useWords } from '../../words.ts';

/** How an order of a refund stands; the store's word where it refused. */
export function RefundMark({ refund: { state, refusal } }: { refund: Pick<RefundOrder, 'state' | 'refusal'> }) {
  const { t } = useWords();
  return (
    <span>
      <span className={`state refund-${state}`}>{t(`payments.refundState.${state}`)}</span>
      {refusal && <span className="soft mono"> {refusal}</span>}
    </span>
  );
}
