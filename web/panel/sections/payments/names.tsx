/** By what stores and messengers know people: whose a name is and was, and giving it to somebody else. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { listPaymentAliases, transferPaymentAlias, type WirePaymentAlias } from '../../../../worker/protocol/http/payment-events.ts';
import type { UserId } from '../../../../worker/protocol/ids.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Dialog, isReason, Reason } from '../../desk/dialog.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { Typed } from '../../desk/typed.tsx';
import { PersonLink, useNames, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { Parts } from './parts.tsx';
import { userIdIn } from './said.tsx';

const LEAST_REASON = 5;

/** `?of=` is a person's id, or such a name. */
export default function Names() {
  const { api } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const [text, setText] = useState(query.of ?? '');
  const [done, setDone] = useState<Done | null>(null);
  const of = query.of?.trim() ?? '';
  const userId = userIdIn(of);
  const names = useQuery({
    queryKey: ['payment-names', of],
    enabled: of !== '',
    queryFn: async ({ signal }) => (await api.call(listPaymentAliases, { query: userId ? { userId } : { value: of }, signal })).items,
  });
  useCommand({ keys: '/', label: t('payments.names.search'), group: 'here', run: () => document.getElementById('name-search')?.focus() });
  return (
    <div className="stack-tight">
      <Parts part="names">
        <search>
          <form
            className="filters"
            onSubmit={(event: FormEvent) => {
              event.preventDefault();
              setQuery({ of: text.trim() });
            }}
          >
            <label>
              {t('payments.names.search')} <Keys of="/" />{' '}
              <input
                id="name-search"
                type="search"
                className="field wide"
                placeholder={t('payments.names.hint')}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
              />
            </label>
            <button type="submit" className="act">
              {t('palette.button')}
            </button>
          </form>
        </search>
      </Parts>
      <DoneNote done={done} />
      {of === '' && <p className="soft pad">{t('payments.names.lead')}</p>}
      {of !== '' && names.isPending && <Waiting />}
      {names.isError && !names.data && <ProblemNote error={names.error} onRetry={() => void names.refetch()} />}
      {names.data?.length === 0 && <p className="soft pad">{t('payments.names.none')}</p>}
      {names.data && names.data.length > 0 && <Table items={names.data} onDone={setDone} />}
    </div>
  );
}

/** Who has a name now is its newest line; those before it say whose it was. */
const isNewest = (one: WirePaymentAlias, all: readonly WirePaymentAlias[]): boolean =>
  !all.some((other) => other.kind === one.kind && other.value === one.value && (other.since ?? '') > (one.since ?? ''));

function Table({ items, onDone }: { items: readonly WirePaymentAlias[]; onDone: (done: Done) => void }) {
  const { t } = useWords();
  const [moving, setMoving] = useState<WirePaymentAlias | null>(null);
  const nameOf = useNames(items.flatMap(({ userId, movedBy }) => [userId, ...(movedBy ? [movedBy] : [])]));
  const list = useRowKeys<HTMLTableElement>();
  const kind = (one: WirePaymentAlias): string => t(`payments.name.${one.kind}`);
  const table = useTable('payment-names', [
    { name: 'kind', title: t('payments.names.kind'), always: true, draw: kind, plain: kind },
    {
      name: 'value',
      title: t('payments.names.name'),
      draw: ({ value }) => <span className="mono">{value}</span>,
      plain: ({ value }) => value,
    },
    {
      name: 'person',
      title: t('payments.names.whose'),
      draw: ({ userId }) => <PersonLink id={userId} name={nameOf(userId)} />,
      plain: ({ userId }) => userId,
    },
    {
      name: 'since',
      title: t('payments.names.since'),
      draw: ({ since }) => (since ? <When at={since} /> : t('payments.names.always')),
      plain: ({ since }) => since,
    },
    {
      name: 'reason',
      title: t('reason.label'),
      text: true,
      draw: ({ reason, movedBy }) =>
        movedBy && (
          <>
            {reason} <PersonLink id={movedBy} name={nameOf(movedBy)} />
          </>
        ),
      plain: ({ reason }) => reason,
    },
    {
      name: 'move',
      title: t('actions'),
      draw: (one) =>
        isNewest(one, items) && (
          <button
            type="button"
            className="act"
            data-row={`${one.kind} ${one.value}`}
            aria-label={`${t('payments.names.move')}: ${kind(one)}`}
            onClick={() => setMoving(one)}
          >
            {t('payments.names.move')}
          </button>
        ),
      plain: () => null,
    },
  ] satisfies Column<WirePaymentAlias>[]);
  return (
    <>
      <TableTools of={table} rows={items} />
      <Rows
        of={table}
        rows={items}
        idOf={({ kind: of, value, since }) => `${of} ${value} ${since}`}
        label={t('payments.part.names')}
        tableRef={list}
        isGone={(one) => !isNewest(one, items)}
      />
      {moving && <Move alias={moving} owner={nameOf(moving.userId)} onDone={onDone} onClose={() => setMoving(null)} />}
    </>
  );
}

function Move(props: { alias: WirePaymentAlias; owner: string; onDone: (done: Done) => void; onClose: () => void }) {
  const { alias, owner, onDone, onClose } = props;
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const to = userIdIn(text.trim());
  const nameOf = useNames(to ? [to] : []);
  const name = to && nameOf(to);
  const { kind, value } = alias;
  const move = async (order: { to: UserId; reason: string }): Promise<void> => {
    await api.call(transferPaymentAlias, { body: { kind, value, ...order } });
    await queries.invalidateQueries({ queryKey: ['payment-names'] });
  };
  return (
    <Dialog
      title={t('payments.names.moveTitle', { kind: t(`payments.name.${kind}`) })}
      confirm={t('payments.names.move')}
      danger
      ready={to !== undefined && to !== alias.userId && isReason(reason, LEAST_REASON) && typed.trim() === name}
      onClose={onClose}
      onConfirm={async () => {
        if (!to) return;
        await move({ to, reason: reason.trim() });
        onDone({
          said: t('payments.names.moved', { name: name ?? to }),
          undo: async () => {
            await move({ to: alias.userId, reason: t('adjust.undoReason', { reason: reason.trim() }) });
            onDone({ said: t('payments.names.moved', { name: owner }) });
          },
        });
      }}
    >
      <p className="mono">{value}</p>
      <label className="entry">
        <span>{t('payments.names.to')}</span>
        <input
          className="field wide mono"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          required
          placeholder="usr_…"
          aria-invalid={text !== '' && to === undefined}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <p className="effect" role="status">
        {to ? t('payments.names.effect', { before: owner, after: name ?? to }) : <span className="soft">{t('payments.names.toLead')}</span>}
      </p>
      <p className="soft">{t('payments.names.moveLead')}</p>
      <Reason value={reason} onChange={setReason} least={LEAST_REASON} />
      {to && name && <Typed name={name} value={typed} onChange={setTyped} />}
    </Dialog>
  );
}
