/** A payment, what it gave, and its posting. */
import { Link } from '@tanstack/react-router';
import type { DeskPayment } from '../../../../worker/protocol/http/payments-desk.ts';
import { gaveWords } from '../../desk/bought.ts';
import { moneyWords } from '../../desk/money.ts';
import { figure, PersonLink, useNames, When } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

/** @param props.link leads to the payment's own page */
export function Granted({ payment, link = false }: { payment: DeskPayment; link?: boolean }) {
  const { t } = useWords();
  const nameOf = useNames([payment.userId]);
  const lines = [
    [t('payments.gave'), gaveWords(t, payment)],
    [t('payments.takenBack'), payment.takenBack > 0 && payment.granted && figure(payment.takenBack)],
    [t('payments.to'), <PersonLink key="to" id={payment.userId} name={nameOf(payment.userId)} />],
    [t('payments.money'), payment.money ? moneyWords(payment.money) : t('payments.noMoney')],
    [t('payments.refunded'), payment.refunded && moneyWords(payment.refunded)],
    [t('payments.occurred'), <When key="at" at={payment.at} />],
    [t('payments.posting'), <Posting key="posting" payment={payment} />],
    [
      t('payments.payment'),
      link && (
        <Link to="/payments/paid/$id" params={{ id: payment.id }} className="mono">
          {payment.id}
        </Link>
      ),
    ],
  ] as const;
  return (
    <dl className="terms">
      {lines
        .filter(([, value]) => Boolean(value))
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Posting({ payment: { postingKey, posted } }: { payment: DeskPayment }) {
  const { t } = useWords();
  return (
    <>
      <span className="mono">{postingKey}</span> {!posted && <strong>{t('payments.notPosted')}</strong>}
    </>
  );
}

export function PaidMark({ state }: Pick<DeskPayment, 'state'>) {
  const { t } = useWords();
  return <span className={`state paid-${state}`}>{t(`payments.paid.${state}`)}</span>;
}
