/** Tariffs, newest version first. */
import { Link } from '@tanstack/react-router';
import { listTariffs, type TariffTerms, tariffState } from '../../../../worker/protocol/http/tariffs.ts';
import { useSession } from '../../../ui/session.tsx';
import { useGo, useQueryText } from '../../address.ts';
import { Across } from '../../desk/across.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { StateMark, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords, wordFor } from '../../words.ts';
import { matchFields } from './terms.ts';

export default function Tariffs() {
  const { api, me } = useSession();
  const { t } = useWords();
  const go = useGo();
  const [query, setQuery] = useQueryText();
  const state = tariffState.options.find((known) => known === query.state);
  const may = me.permissions.includes('tariff.edit');
  const tariffs = usePaged(['tariffs', state], (cursor, signal) =>
    api.call(listTariffs, { query: { limit: 50, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) }, signal }),
  );
  const table = useRowKeys<HTMLTableElement>();
  useCommand({ keys: 'n', label: t('tariffs.new'), group: 'here', run: () => go('/tariffs/new') }, may);
  return (
    <div className="stack-tight">
      <div className="head">
        <h1>{t('sections.tariffs')}</h1>
        <span className="row-tight">
          <label>
            {t('calls.state')}{' '}
            <select className="field" value={state ?? ''} onChange={(event) => setQuery({ state: event.currentTarget.value })}>
              <option value="">{t('any')}</option>
              {tariffState.options.map((known) => (
                <option key={known} value={known}>
                  {t(`state.${known}`)}
                </option>
              ))}
            </select>
          </label>
          {may && (
            <Link className="act go" to="/tariffs/new">
              {t('tariffs.new')} <Keys of="n" />
            </Link>
          )}
        </span>
      </div>
      <Paged of={tariffs} empty={t('tariffs.none')}>
        {(items) => (
          <Across label={t('sections.tariffs')}>
            <table ref={table} className="rows-table">
              <thead>
                <tr>
                  <th scope="col">{t('tariffs.name')}</th>
                  <th scope="col" className="figure">
                    {t('tariffs.version')}
                  </th>
                  <th scope="col">{t('calls.state')}</th>
                  <th scope="col">{t('tariffs.match')}</th>
                  <th scope="col">{t('tariffs.effective')}</th>
                  <th scope="col">{t('tariffs.drafted')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((tariff) => (
                  <tr key={tariff.id}>
                    <td>
                      <Link to="/tariffs/$id" params={{ id: tariff.id }} data-row={tariff.id}>
                        {tariff.name}
                      </Link>
                    </td>
                    <td className="figure">{tariff.version}</td>
                    <td>
                      <StateMark state={tariff.state} />
                    </td>
                    <td>
                      <Match of={tariff.match} />
                    </td>
                    <td>{tariff.effectiveAt ? <When at={tariff.effectiveAt} /> : '–'}</td>
                    <td>
                      <When at={tariff.createdAt} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Across>
        )}
      </Paged>
    </div>
  );
}

/** The conditions of a tariff as one phrase. */
function Match({ of }: { of: TariffTerms['match'] }) {
  const { t } = useWords();
  const said = matchFields.flatMap((field) => {
    const value = of[field];
    return value === undefined ? [] : [wordFor(t, `matchValue.${value}`, value)];
  });
  return <>{said.length === 0 ? t('match.all') : said.join(' · ')}</>;
}
