/** Finding somebody: by name, id, e-mail or phone; the question lives in the address. */
import { useEffect, useState } from 'react';
import { searchPeople } from '../../../../worker/protocol/http/staff-people.ts';
import { type Role, role as roleSchema } from '../../../../worker/protocol/people.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Across } from '../../desk/across.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { PersonLink, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';

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
  const people = usePaged(['people', search, role], (cursor, signal) =>
    api.call(searchPeople, {
      query: { limit: 50, ...(search ? { search } : {}), ...(role ? { role } : {}), ...(cursor ? { cursor } : {}) },
      signal,
    }),
  );
  const table = useRowKeys<HTMLTableElement>();
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
          <label>
            {t('people.role')}{' '}
            <select className="field" value={role ?? ''} onChange={(event) => setQuery({ role: event.currentTarget.value })}>
              <option value="">{t('any')}</option>
              {roleSchema.options.map((known: Role) => (
                <option key={known} value={known}>
                  {t(`role.${known}`)}
                </option>
              ))}
            </select>
          </label>
        </search>
      </div>
      <Paged of={people} empty={t('people.none')}>
        {(items) => (
          <Across label={t('sections.people')}>
            <table ref={table} className="rows-table">
              <thead>
                <tr>
                  <th scope="col">{t('people.name')}</th>
                  <th scope="col">{t('people.role')}</th>
                  {contact && <th scope="col">{t('people.email')}</th>}
                  {contact && <th scope="col">{t('people.phone')}</th>}
                  <th scope="col">{t('people.model')}</th>
                  <th scope="col">{t('people.since')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((person) => (
                  <tr key={person.id}>
                    <td>
                      <PersonLink id={person.id} name={person.displayName} portrait={person.portrait} row={person.id} />
                    </td>
                    <td>{t(`role.${person.role}`)}</td>
                    {contact && <td>{person.contact?.email ?? '–'}</td>}
                    {contact && <td className="figures">{person.contact?.phone ?? '–'}</td>}
                    <td>{person.role === 'member' ? t(`model.${person.monetizationVersion}`) : ''}</td>
                    <td>
                      <When at={person.createdAt} />
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
