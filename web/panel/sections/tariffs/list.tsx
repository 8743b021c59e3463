/** Tariffs, newest version first. */
import { Link } from '@tanstack/react-router';
import { listTariffs, type Tariff, type TariffTerms, tariffState } from '../../../../worker/protocol/http/tariffs.ts';
import { useSession } from '../../../ui/session.tsx';
import { useGo, useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { StateMark, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { type StaffWords, useWords, wordFor } from '../../words.ts';
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
  const list = useRowKeys<HTMLTableElement>();
  const table = useTable('tariffs', [
    {
      name: 'name',
      title: t('tariffs.name'),
      always: true,
      draw: ({ id, name }) => (
        <Link to="/tariffs/$id" params={{ id }} data-row={id}>
          {name}
        </Link>
      ),
      plain: ({ name }) => name,
    },
    { name: 'id', title: t('table.id'), aside: true, draw: ({ id }) => <span className="mono">{id}</span>, plain: ({ id }) => id },
    { name: 'version', title: t('tariffs.version'), figure: true, draw: ({ version }) => version, plain: ({ version }) => version },
    {
      name: 'state',
      title: t('calls.state'),
      draw: (tariff) => <StateMark state={tariff.state} />,
      plain: (tariff) => t(`state.${tariff.state}`),
    },
    { name: 'match', title: t('tariffs.match'), draw: ({ match }) => matchWords(t, match), plain: ({ match }) => matchWords(t, match) },
    {
      name: 'effective',
      title: t('tariffs.effective'),
      draw: ({ effectiveAt }) => (effectiveAt ? <When at={effectiveAt} /> : '–'),
      plain: ({ effectiveAt }) => effectiveAt,
    },
    { name: 'drafted', title: t('tariffs.drafted'), draw: ({ createdAt }) => <When at={createdAt} />, plain: ({ createdAt }) => createdAt },
  ] satisfies Column<Tariff>[]);
  useCommand({ keys: 'n', label: t('tariffs.new'), group: 'here', run: () => go('/tariffs/new') }, may);
  return (
    <div className="stack-tight">
      <div className="head">
        <h1>{t('sections.tariffs')}</h1>
        <span className="row-tight">
          <Choose
            label={t('calls.state')}
            value={state}
            options={tariffState.options}
            wordOf={(known) => t(`state.${known}`)}
            none={t('any')}
            onChange={(known) => setQuery({ state: known })}
          />
          {may && (
            <Link className="act go" to="/tariffs/new">
              {t('tariffs.new')} <Keys of="n" />
            </Link>
          )}
        </span>
      </div>
      <Paged of={tariffs} empty={t('tariffs.none')}>
        {(items) => (
          <>
            <TableTools of={table} rows={items} />
            <Rows of={table} rows={items} idOf={({ id }) => id} label={t('sections.tariffs')} tableRef={list} />
          </>
        )}
      </Paged>
    </div>
  );
}

/** The conditions of a tariff as one phrase. */
function matchWords(t: StaffWords, match: TariffTerms['match']): string {
  const said = matchFields.flatMap((field) => {
    const value = match[field];
    return value === undefined ? [] : [wordFor(t, `matchValue.${value}`, value)];
  });
  return said.length === 0 ? t('match.all') : said.join(' · ');
}
