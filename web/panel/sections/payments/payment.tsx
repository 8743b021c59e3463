/** One payment: what was bought and granted, the refunds that staff ordered, and ordering one. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { readPayment } from '../../../../worker/protocol/http/payments-desk.ts';
import type { RefundOrder } from '../../../../worker/protocol/http/shop-desk.ts';
import type { Id } from '../../../../worker/protocol/ids.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useGo, usePathId } from '../../address.ts';
import { gaveWords } from '../../desk/bought.ts';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { moneyWords } from '../../desk/money.ts';
import { Unread } from '../../desk/nothing.tsx';
import { PersonLink, useNames, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { Granted, PaidMark } from './granted.tsx';
import { RefundMark } from './marks.tsx';
import { Refund } from './refund.tsx';
import './payments.css';

const RENEW_MS = 5_000;

export default function PaymentPage() {
  const id = usePathId<Id<'pur'>>();
  const { api, me } = useSession();
  const { t } = useWords();
  const go = useGo();
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const found = useQuery({
    queryKey: ['payment', id],
    queryFn: ({ signal }) => api.call(readPayment, { params: { id }, signal }),
    refetchInterval: RENEW_MS,
  });
  const payment = found.data?.payment;
  const mayRefund =
    payment !== undefined && payment.store === 'stripe' && payment.state !== 'refunded' && me.permissions.includes('payments.refund');
  useCommand({ keys: 'Escape', label: t('payments.back'), group: 'here', run: () => go('/payments') });
  useCommand({ keys: 'b', label: t('payments.refund'), group: 'here', run: () => setAsking(true) }, mayRefund);
  if (found.isPending) return <Waiting />;
  if (!payment) return <Unread error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <div className="stack-tight">
      <div className="head">
        <div>
          <p className="crumbs">
            <Link to="/payments">{t('sections.payments')}</Link>
          </p>
          <h1>
            {gaveWords(t, payment)} <PaidMark state={payment.state} />
          </h1>
          <p className="soft mono">{payment.id}</p>
        </div>
        {mayRefund && (
          <button type="button" className="act stop" onClick={() => setAsking(true)}>
            {t('payments.refund')} <Keys of="b" />
          </button>
        )}
      </div>
      <DoneNote done={done} />
      {payment.store !== 'stripe' && <p className="note">{t('payments.refundedThere', { store: t(`shop.store.${payment.store}`) })}</p>}
      <div className="two">
        <section className="stack-tight" aria-labelledby="granted">
          <h2 id="granted">{t('payments.payment')}</h2>
          <Granted payment={payment} />
          <p>
            <Link to="/payments/events/$id" params={{ id: payment.eventId }}>
              {t('payments.toEvent')}
            </Link>
          </p>
        </section>
        <section className="stack-tight" aria-labelledby="refunds">
          <h2 id="refunds">{t('payments.ordered')}</h2>
          <Orders refunds={found.data?.refunds ?? []} />
        </section>
      </div>
      {asking && <Refund payment={payment} onDone={setDone} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Orders({ refunds }: { refunds: readonly RefundOrder[] }) {
  const { t } = useWords();
  const nameOf = useNames(refunds.flatMap(({ requestedBy, decidedBy }) => [requestedBy, ...(decidedBy ? [decidedBy] : [])]));
  if (refunds.length === 0) return <p className="soft">{t('payments.noOrders')}</p>;
  return (
    <ul className="lines">
      {refunds.map((refund) => (
        <li key={refund.id}>
          <span className="figures">{moneyWords(refund.money)}</span> <RefundMark refund={refund} /> <When at={refund.createdAt} />
          <PersonLink id={refund.requestedBy} name={nameOf(refund.requestedBy)} />
          {refund.decidedBy && (
            <span>
              {t('payments.decidedBy')} <PersonLink id={refund.decidedBy} name={nameOf(refund.decidedBy)} />
            </span>
          )}
          <span className="soft">{refund.reason}</span>
        </li>
      ))}
    </ul>
  );
}
