/** Messages that the queue gave up, with the reason, and the way back onto it. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type DeadLetter, listDeadLetters, replayDeadLetter } from '../../../../worker/protocol/http/notifications.ts';
import { useSession } from '../../../ui/session.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { PersonLink, useNames, When } from '../../desk/words.tsx';
import { useWords, wordFor } from '../../words.ts';
import { Parts } from './parts.tsx';

export default function Dead() {
  const { api } = useSession();
  const { t } = useWords();
  const letters = usePaged(['dead-letters'], (cursor, signal) =>
    api.call(listDeadLetters, { query: { limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
  );
  const [done, setDone] = useState<Done | null>(null);
  return (
    <div className="stack-tight">
      <Parts part="dead" />
      <DoneNote done={done} />
      <Paged of={letters} empty={t('notices.dead.none')}>
        {(items) => <Table items={items} onDone={setDone} />}
      </Paged>
    </div>
  );
}

function Table({ items, onDone }: { items: readonly DeadLetter[]; onDone: (done: Done) => void }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [asking, setAsking] = useState<DeadLetter | null>(null);
  const list = useRowKeys<HTMLTableElement>();
  const may = me.permissions.includes('notification.replay');
  const nameOf = useNames(items.flatMap(({ userId }) => (userId === null ? [] : [userId])));
  const what = ({ kind }: DeadLetter): string => wordFor(t, `notices.queue.${kind}`, kind);
  const table = useTable('dead-letters', [
    { name: 'at', title: t('audit.columns.at'), always: true, draw: ({ at }) => <When at={at} />, plain: ({ at }) => at },
    { name: 'what', title: t('notices.dead.what'), draw: what, plain: ({ kind }) => kind },
    {
      name: 'person',
      title: t('notices.delivery.person'),
      draw: ({ userId }) => (userId === null ? '–' : <PersonLink id={userId} name={nameOf(userId)} />),
      plain: ({ userId }) => userId,
    },
    {
      name: 'reason',
      title: t('notices.dead.reason'),
      draw: ({ reason }) => wordFor(t, `notices.because.${reason}`, reason),
      plain: ({ reason }) => reason,
    },
    {
      name: 'replays',
      title: t('notices.dead.replays'),
      draw: ({ replays, replayedAt }) => (
        <>
          {replays === 0 ? '–' : `${replays}×`} {replayedAt && <When at={replayedAt} />}
        </>
      ),
      plain: ({ replays }) => replays,
    },
    {
      name: 'replay',
      title: t('actions'),
      draw: (letter) =>
        letter.replayable ? (
          may && (
            <button
              type="button"
              className="act"
              data-row={letter.id}
              aria-label={`${t('notices.dead.replay')}: ${what(letter)}`}
              onClick={() => setAsking(letter)}
            >
              {t('notices.dead.replay')}
            </button>
          )
        ) : (
          <span className="soft">{t('notices.dead.not')}</span>
        ),
      plain: ({ replayable }) => (replayable ? t('yes') : t('no')),
    },
  ] satisfies Column<DeadLetter>[]);
  return (
    <>
      <TableTools of={table} rows={items} />
      <Rows of={table} rows={items} idOf={({ id }) => id} label={t('notices.part.dead')} tableRef={list} />
      {asking && (
        <Dialog
          title={t('notices.dead.title')}
          confirm={t('notices.dead.replay')}
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            await api.call(replayDeadLetter, { params: { id: asking.id } });
            await queries.invalidateQueries({ queryKey: ['dead-letters'] });
            onDone({ said: t('notices.dead.done') });
          }}
        >
          <p>{t('notices.dead.lead')}</p>
        </Dialog>
      )}
    </>
  );
}
