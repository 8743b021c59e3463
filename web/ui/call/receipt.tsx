/** A receipt in plain words: how long, what for, how it adds up. */
import { useTranslation } from 'react-i18next';
import type { BillingParty, Receipt } from '../../../worker/protocol/call/call.ts';
import { amountsWords, amountWords, durationWords, paidWords } from '../format.ts';

export function ReceiptWords({ receipt, role, name }: { receipt: Receipt; role: BillingParty; name: string }) {
  const { t } = useTranslation();
  const mine = receipt.checkpoints.filter(({ party }) => party === role);
  const total = amountsWords(t, receipt.totals[role]);
  // Connected, and over before a second of it was proved: what was paid says so.
  const time =
    receipt.connectedMs >= 1000
      ? durationWords(t, receipt.connectedMs / 1000)
      : mine.length > 0 || receipt.connectedMs > 0
        ? t('ended.moment')
        : null;
  return (
    <div className="stack">
      {time !== null && role === 'payer' && (
        <p className="plain" data-testid="receipt-plain">
          {t('ended.plain', { time, name, amount: paidWords(t, receipt) ?? t('ended.nothingPaid') })}
        </p>
      )}
      <p className="stack-tight">
        <span>{time === null ? t('ended.notConnected') : t('ended.talked', { time })}</span>
        <strong data-testid="receipt-total">
          {role === 'payer'
            ? total === null
              ? t('ended.costNothing')
              : t('ended.cost', { amount: total })
            : total === null
              ? t('ended.earnedNothing')
              : t('ended.earned', { amount: total })}
        </strong>
      </p>
      {mine.length > 0 && (
        <section aria-label={t('ended.lines')}>
          <h2>{t('ended.lines')}</h2>
          <ul className="rows">
            {mine.map((line) => (
              <li key={line.n}>
                <div className="line">
                  <span className="grow">
                    {line.atSeconds === 0 ? t('ended.atStart') : t('ended.after', { time: durationWords(t, line.atSeconds) })}
                    {role === 'payer' && line.paidBy !== 'coins' && <span className="soft"> · {t(`ended.${line.paidBy}`)}</span>}
                  </span>
                  <span className="number">{amountWords(t, role === 'payer' ? (line.took ?? { unit: line.unit, amount: 0 }) : line)}</span>
                </div>
              </li>
            ))}
          </ul>
          {total !== null && (
            <p className="total">
              <span>{t('ended.total')}</span>
              <span className="number">{total}</span>
            </p>
          )}
        </section>
      )}
      {!receipt.settled && (
        <p className="soft" role="status">
          {t('ended.notSettled')}
        </p>
      )}
    </div>
  );
}
