/** What was earned: today, this week, in all; day by day; and every single number with its reason. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { amountWords } from '../../ui/format.ts';
import { Page } from '../../ui/frame.tsx';
import { locale } from '../../ui/i18n.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useStore } from '../../ui/use-store.ts';
import { useEarnings, useShift } from '../queries.ts';
import { EarningLines } from './lines.tsx';

const dayWords = (date: string): string =>
  new Intl.DateTimeFormat(locale(), { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );

export function Earnings() {
  const { t } = useTranslation();
  const { live } = useSession();
  useShift();
  const earned = useStore(live.balance.amounts)?.EARN;
  const sums = useEarnings();
  const [chosen, setChosen] = useState<string | null>(null);
  if (sums.isPending)
    return (
      <Page>
        <Waiting />
      </Page>
    );
  if (sums.isError)
    return (
      <Page>
        <ProblemNote error={sums.error} onRetry={() => void sums.refetch()} />
      </Page>
    );
  const { unit, today, week, total, days, timeZone } = sums.data;
  const most = Math.max(1, ...days.map(({ amount }) => amount));
  const open = chosen ?? days[0]?.date ?? null;
  return (
    <Page>
      <div className="stack">
        <h1>{t('nav.earnings')}</h1>
        <dl className="numbers">
          {(
            [
              ['today', today],
              ['week', week],
              ['total', total],
            ] as const
          ).map(([key, amount]) => (
            <div key={key}>
              <dt>{t(`desk.earn.${key}`)}</dt>
              <dd className="figure" data-testid={`earned-${key}`}>
                {amountWords(t, { unit, amount })}
              </dd>
            </div>
          ))}
        </dl>
        {days.length === 0 ? (
          <p className="sheet soft">{t('desk.earn.empty')}</p>
        ) : (
          <div className="two earn">
            <section className="sheet stack-tight" aria-label={t('desk.earn.days')}>
              <h2>{t('desk.earn.days')}</h2>
              <ul className="rows">
                {days.map(({ date, amount, calls }) => (
                  <li key={date}>
                    <button type="button" className="day" aria-pressed={open === date} onClick={() => setChosen(date)}>
                      <span>
                        {dayWords(date)}
                        <br />
                        <span className="soft">{t('desk.day.calls', { count: calls })}</span>
                      </span>
                      <span className="bar" aria-hidden="true">
                        <span style={{ inlineSize: `${Math.max(2, (100 * Math.max(0, amount)) / most)}%` }} />
                      </span>
                      <span className="number">{amountWords(t, { unit, amount })}</span>
                    </button>
                  </li>
                ))}
              </ul>
              <p className="soft">{t('desk.earn.zone', { zone: timeZone.replaceAll('_', ' ') })}</p>
            </section>
            {open && (
              <section className="sheet stack-tight" aria-label={t('desk.earn.ofDay', { day: dayWords(open) })}>
                <h2>{t('desk.earn.ofDay', { day: dayWords(open) })}</h2>
                <EarningLines key={open} filter={{ date: open }} stamp={String(earned ?? '')} />
              </section>
            )}
          </div>
        )}
      </div>
    </Page>
  );
}
