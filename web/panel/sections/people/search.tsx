/** Finding somebody: by name, id, e-mail or phone; the question lives in the address. */
import { useEffect, useState } from 'react';
import type { AnswerOf } from '../../../../worker/protocol/http/endpoint.ts';
import { searchPeople } from '../../../../worker/protocol/http/staff-people.ts';
import { role as roleSchema } from '../../../../worker/protocol/people.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { PersonLink, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { type StaffWords, useWords } from '../../words.ts';

type Found = AnswerOf<typeof searchPeople>['items'][number];
const SETTLE_MS = 250;

export default function Search() {
  const { api, me } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const [text, setText] = useState(query.search ?? '');
  const role = roleSchema.options.find((known) => known === query.role);
  const search = query.search?.trim();
  const contact = me.permissions.includes('people.contact');
  useEffect(() => {
    if (text === (query.search ?? '')) return;
    const timer = setTimeout(() => setQuery({ search: text }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, query.search, setQuery]);
  const people = usePaged(
    ['people', search, role],
    (cursor, signal) =>
      api.call(searchPeople, {
        query: { limit: 50, ...(search ? { search } : {}), ...(role ? { role } : {}), ...(cursor ? { cursor } : {}) },
        signal,
      }),
    { typing: true },
  );
  const modelOf = ({ role: its, monetizationVersion }: Found): string => (its === 'member' ? t(`model.${monetizationVersion}`) : '');
  const list = useRowKeys<HTMLTableElement>();
  const table = useTable('people', [
    {
      name: 'name',
      title: t('people.name'),
      always: true,
      draw: (person) => <PersonLink id={person.id} name={person.displayName} portrait={person.portrait} row={person.id} />,
      plain: ({ displayName }) => displayName,
    },
    { name: 'id', title: t('table.id'), aside: true, draw: ({ id }) => <span className="mono">{id}</span>, plain: ({ id }) => id },
    { name: 'role', title: t('people.role'), draw: (person) => t(`role.${person.role}`), plain: (person) => t(`role.${person.role}`) },
    ...(contact ? contactColumns(t) : []),
    { name: 'model', title: t('people.model'), draw: modelOf, plain: modelOf },
    { name: 'since', title: t('people.since'), draw: ({ createdAt }) => <When at={createdAt} />, plain: ({ createdAt }) => createdAt },
  ] satisfies Column<Found>[]);
  useCommand({ keys: '/', label: t('people.search'), group: 'here', run: () => document.getElementById('search')?.focus() });
  return (
    <div className="stack-tight">
      <div className="head">
        <h1>{t('sections.people')}</h1>
        <search className="filters">
          <label>
            {t('people.search')} <Keys of="/" />{' '}
            <input
              id="search"
              type="search"
              className="field wide"
              placeholder={t(contact ? 'people.hint' : 'people.hintWhole')}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <Choose
            label={t('people.role')}
            value={role}
            options={roleSchema.options}
            wordOf={(known) => t(`role.${known}`)}
            none={t('any')}
            onChange={(known) => setQuery({ role: known })}
          />
        </search>
      </div>
      <Paged of={people} empty={t('people.none')}>
        {(items) => (
          <>
            <TableTools of={table} rows={items} />
            <Rows of={table} rows={items} idOf={({ id }) => id} label={t('sections.people')} tableRef={list} />
          </>
        )}
      </Paged>
    </div>
  );
}

/** Only for who may see how somebody is reached. */
const contactColumns = (t: StaffWords): Column<Found>[] => [
  { name: 'email', title: t('people.email'), draw: ({ contact }) => contact?.email ?? '–', plain: ({ contact }) => contact?.email ?? null },
  {
    name: 'phone',
    title: t('people.phone'),
    draw: ({ contact }) => <span className="figures">{contact?.phone ?? '–'}</span>,
    plain: ({ contact }) => contact?.phone ?? null,
  },
];
