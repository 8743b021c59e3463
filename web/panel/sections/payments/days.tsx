/** Days of stores against our books: what they say, what we say, each difference in words, and the case that came of it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { listCases } from '../../../../worker/protocol/http/cases.ts';
import { type DaySum, type Difference, listReconciliation, type ReconciledDay } from '../../../../worker/protocol/http/shop-desk.ts';
import { locale } from '../../../ui/i18n.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { moneyWords } from '../../desk/money.ts';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { SaveCsv } from '../../desk/table.tsx';
import { When } from '../../desk/words.tsx';
import { type StaffWords, useWords } from '../../words.ts';
import { Parts } from './parts.tsx';

const states = ['agrees', 'differs'] as const;
const RENEW_MS = 60_000;

export default function Days() {
  const { api } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const state = states.find((known) => known === query.state);
  const days = usePaged(['reconciliation', state], (cursor, signal) =>
    api.call(listReconciliation, { query: { limit: 50, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) }, signal }),
  );
  return (
    <div className="stack-tight">
      <Parts part="days">
        <Choose
          label={t('calls.state')}
          value={state}
          options={states}
          wordOf={(one) => t(`payments.day.${one}`)}
          none={t('any')}
          onChange={(one) => setQuery({ state: one })}
        />
      </Parts>
      <p className="soft">{t('payments.daysLead')}</p>
      <Paged of={days} empty={t(state === 'differs' ? 'payments.noneDiffers' : 'payments.noDays')}>
        {(items) => <List items={items} />}
      </Paged>
    </div>
  );
}

const dayWords = (day: string): string =>
  new Intl.DateTimeFormat(locale(), { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

/** “3 payments, €29.97 paid, €4.99 back”, one for each currency. */
function sumWords(t: StaffWords, sums: readonly DaySum[] | null): string {
  if (sums === null) return t('payments.cantAsk');
  if (sums.length === 0) return t('payments.nothing');
  return sums
    .map(({ currency, paid, back, count }) =>
      t('payments.sum', { count, paid: moneyWords({ amount: paid, currency }), back: moneyWords({ amount: back, currency }) }),
    )
    .join('; ');
}

function List({ items }: { items: readonly ReconciledDay[] }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const list = useRowKeys<HTMLUListElement>();
  const cases = useQuery({
    queryKey: ['reconciliation-cases'],
    enabled: me.permissions.includes('case.read') && items.some(({ state }) => state === 'differs'),
    refetchInterval: RENEW_MS,
    queryFn: async ({ signal }) => (await api.call(listCases, { query: { source: 'reconciliation', limit: 100 }, signal })).items,
  });
  const titles = [
    t('payments.dayOf'),
    t('payments.paidAt'),
    t('calls.state'),
    t('payments.theirs'),
    t('payments.ours'),
    t('payments.differences'),
  ];
  return (
    <>
      <div className="table-tools">
        <SaveCsv
          what="reconciliation"
          titles={titles}
          rows={() =>
            items.map((one) => [one.day, one.store, one.state, sumWords(t, one.theirs), sumWords(t, one.ours), one.differences.length])
          }
          count={items.length}
        />
      </div>
      <ul className="entries" ref={list}>
        {items.map((one) => {
          const ofIt = cases.data?.find(({ subject }) => subject === `${one.store}:${one.day}`);
          return (
            <li key={`${one.store} ${one.day}`}>
              <details>
                <summary data-row={`${one.store} ${one.day}`}>
                  <span className="figures">{dayWords(one.day)}</span>
                  <span>{t(`shop.store.${one.store}`)}</span>
                  <span className={`state day-${one.state}`}>{t(`payments.day.${one.state}`)}</span>
                  {one.differences.length > 0 && <strong>{t('payments.differencesOf', { count: one.differences.length })}</strong>}
                  <span className="soft">{sumWords(t, one.ours)}</span>
                </summary>
                <div className="stack-tight pad">
                  <dl className="terms">
                    <div>
                      <dt>{t('payments.theirs')}</dt>
                      <dd>{sumWords(t, one.theirs)}</dd>
                    </div>
                    <div>
                      <dt>{t('payments.ours')}</dt>
                      <dd>{sumWords(t, one.ours)}</dd>
                    </div>
                    <div>
                      <dt>{t('payments.checked')}</dt>
                      <dd>
                        <When at={one.checkedAt} />
                      </dd>
                    </div>
                    {ofIt && (
                      <div>
                        <dt>{t('payments.case')}</dt>
                        <dd>
                          <span className="mono">{ofIt.id}</span> {t(`payments.caseState.${ofIt.state}`)}
                        </dd>
                      </div>
                    )}
                  </dl>
                  {one.differences.length > 0 && (
                    <ul className="differences">
                      {one.differences.map((difference) => (
                        <li key={`${difference.kind} ${difference.what} ${difference.id}`}>
                          <DifferenceLine difference={difference} />
                        </li>
                      ))}
                    </ul>
                  )}
                </div>
              </details>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function DifferenceLine({ difference: { kind, what, id, theirs, ours } }: { difference: Difference }) {
  const { t } = useWords();
  return (
    <>
      <strong>{t(`payments.difference.${kind}`, { what: t(`payments.thing.${what}`) })}</strong>{' '}
      {theirs && <span>{t('payments.theirsOf', { money: moneyWords(theirs) })} </span>}
      {ours && <span>{t('payments.oursOf', { money: moneyWords(ours) })} </span>}
      {what === 'event' ? (
        <Link to="/payments/events/$id" params={{ id }} className="mono">
          {id}
        </Link>
      ) : (
        <span className="mono">{id}</span>
      )}
    </>
  );
}
