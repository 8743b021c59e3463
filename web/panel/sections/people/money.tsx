/** Balances, every change of them, and the way to set one right. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { BalanceEvent } from '../../../../worker/protocol/http/me.ts';
import { listBalanceEventsOf, type WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import { unit as unitSchema } from '../../../../worker/protocol/money.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { change, figure, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords, wordFor } from '../../words.ts';
import { Adjustment } from './adjustment.tsx';

export function Money({ person }: { person: WholePerson }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const [adjusting, setAdjusting] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const unit = unitSchema.options.find((known) => known === query.unit);
  const mayAdjust = me.permissions.includes('ledger.adjust');
  const events = usePaged(['events-of', person.id, unit], (cursor, signal) =>
    api.call(listBalanceEventsOf, {
      params: { id: person.id },
      query: { limit: 50, ...(unit ? { unit } : {}), ...(cursor ? { cursor } : {}) },
      signal,
    }),
  );
  const kindOf = ({ kind }: BalanceEvent): string => wordFor(t, `kind.${kind}`, kind);
  const table = useTable('balance-events', [
    { name: 'when', title: t('money.when'), always: true, draw: ({ at }) => <When at={at} />, plain: ({ at }) => at },
    { name: 'kind', title: t('money.kind'), draw: kindOf, plain: kindOf },
    { name: 'change', title: t('money.change'), figure: true, draw: ({ amount }) => change(amount), plain: ({ amount }) => amount },
    {
      name: 'after',
      title: t('money.after'),
      figure: true,
      draw: ({ balanceAfter }) => figure(balanceAfter),
      plain: ({ balanceAfter }) => balanceAfter,
    },
    { name: 'unit', title: t('money.unit'), draw: (event) => t(`unit.${event.unit}`), plain: (event) => t(`unit.${event.unit}`) },
    {
      name: 'ref',
      title: t('money.ref'),
      draw: ({ ref }) =>
        ref.startsWith('call_') ? (
          <Link to="/calls/$id" params={{ id: ref }}>
            {t('calls.open')}
          </Link>
        ) : (
          <span className="mono">{ref}</span>
        ),
      plain: ({ ref }) => ref,
    },
    { name: 'id', title: t('table.id'), aside: true, draw: ({ id }) => <span className="mono">{id}</span>, plain: ({ id }) => id },
  ] satisfies Column<BalanceEvent>[]);
  useCommand({ keys: 'b', label: t('money.adjust'), group: 'here', run: () => setAdjusting(true) }, mayAdjust);
  return (
    <div className="stack-tight">
      <div className="head">
        {person.balances.length === 0 && <p className="soft">{t('money.none')}</p>}
        {person.balances.length > 0 && (
          <dl className="facts">
            {person.balances.map((balance) => (
              <div key={balance.unit}>
                <dt>{t(`unit.${balance.unit}`)}</dt>
                <dd className="big figures">{figure(balance.amount)}</dd>
              </div>
            ))}
          </dl>
        )}
        <span className="row-tight">
          <Choose
            label={t('money.unit')}
            value={unit}
            options={unitSchema.options}
            wordOf={(known) => t(`unit.${known}`)}
            none={t('any')}
            onChange={(known) => setQuery({ unit: known })}
          />
          {mayAdjust && (
            <button type="button" className="act go" onClick={() => setAdjusting(true)}>
              {t('money.adjust')} <Keys of="b" />
            </button>
          )}
        </span>
      </div>
      <DoneNote done={done} />
      <Paged of={events} empty={t('money.noEvents')}>
        {(items) => (
          <>
            <TableTools of={table} rows={items} />
            <Rows of={table} rows={items} idOf={({ id }) => id} label={t('people.part.money')} />
          </>
        )}
      </Paged>
      {adjusting && <Adjustment person={person} onClose={() => setAdjusting(false)} onDone={setDone} />}
    </div>
  );
}
