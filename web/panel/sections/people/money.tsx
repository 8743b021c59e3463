/** Balances, every change of them, and the way to set one right. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { listBalanceEventsOf, type WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import { unit as unitSchema } from '../../../../worker/protocol/money.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Across } from '../../desk/across.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { change, figure, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords, wordFor } from '../../words.ts';
import { Adjustment } from './adjustment.tsx';

export function Money({ person }: { person: WholePerson }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const [adjusting, setAdjusting] = useState(false);
  const [said, setSaid] = useState('');
  const unit = unitSchema.options.find((known) => known === query.unit);
  const mayAdjust = me.permissions.includes('ledger.adjust');
  const events = usePaged(['events-of', person.id, unit], (cursor, signal) =>
    api.call(listBalanceEventsOf, {
      params: { id: person.id },
      query: { limit: 50, ...(unit ? { unit } : {}), ...(cursor ? { cursor } : {}) },
      signal,
    }),
  );
  useCommand({ keys: 'b', label: t('money.adjust'), group: 'here', run: () => setAdjusting(true) }, mayAdjust);
  return (
    <div className="stack-tight">
      <div className="head">
        <dl className="facts">
          {person.balances.map((balance) => (
            <div key={balance.unit}>
              <dt>{t(`unit.${balance.unit}`)}</dt>
              <dd className="big figures">{figure(balance.amount)}</dd>
            </div>
          ))}
        </dl>
        {person.balances.length === 0 && <p className="soft">{t('money.none')}</p>}
        <span className="row-tight">
          <label>
            {t('money.unit')}{' '}
            <select className="field" value={unit ?? ''} onChange={(event) => setQuery({ unit: event.currentTarget.value })}>
              <option value="">{t('any')}</option>
              {unitSchema.options.map((known) => (
                <option key={known} value={known}>
                  {t(`unit.${known}`)}
                </option>
              ))}
            </select>
          </label>
          {mayAdjust && (
            <button type="button" className="act go" onClick={() => setAdjusting(true)}>
              {t('money.adjust')} <Keys of="b" />
            </button>
          )}
        </span>
      </div>
      <p role="status" className="said">
        {said}
      </p>
      <Paged of={events} empty={t('money.noEvents')}>
        {(items) => (
          <Across label={t('people.part.money')}>
            <table className="rows-table">
              <thead>
                <tr>
                  <th scope="col">{t('money.when')}</th>
                  <th scope="col">{t('money.kind')}</th>
                  <th scope="col" className="figure">
                    {t('money.change')}
                  </th>
                  <th scope="col" className="figure">
                    {t('money.after')}
                  </th>
                  <th scope="col">{t('money.unit')}</th>
                  <th scope="col">{t('money.ref')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((event) => (
                  <tr key={event.id}>
                    <td>
                      <When at={event.at} />
                    </td>
                    <td>{wordFor(t, `kind.${event.kind}`, event.kind)}</td>
                    <td className="figure">{change(event.amount)}</td>
                    <td className="figure">{figure(event.balanceAfter)}</td>
                    <td>{t(`unit.${event.unit}`)}</td>
                    <td>
                      {event.ref.startsWith('call_') ? (
                        <Link to="/calls/$id" params={{ id: event.ref }}>
                          {t('calls.open')}
                        </Link>
                      ) : (
                        <span className="mono">{event.ref}</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Across>
        )}
      </Paged>
      {adjusting && <Adjustment person={person} onClose={() => setAdjusting(false)} onDone={setSaid} />}
    </div>
  );
}
