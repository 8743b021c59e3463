/** Notifications that left the app, newest first: how far each has come, and what was tried on each rung. */
import { climbState, listDeliveries, type NotificationDelivery } from '../../../../worker/protocol/http/notifications.ts';
import type { UserId } from '../../../../worker/protocol/ids.ts';
import { notificationKind } from '../../../../worker/protocol/notification.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { PersonLink, useNames, When } from '../../desk/words.tsx';
import { type StaffWords, useWords, wordFor } from '../../words.ts';
import { Parts } from './parts.tsx';
import { kindWords } from './said.ts';

export default function Deliveries() {
  const { api } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const kind = notificationKind.options.find((known) => known === query.kind);
  const state = climbState.options.find((known) => known === query.state);
  const userId = /^usr_[0-9a-z]{26}$/.test(query.person ?? '') ? (query.person as UserId) : undefined;
  const deliveries = usePaged(['deliveries', kind, state, userId], (cursor, signal) =>
    api.call(listDeliveries, {
      query: {
        limit: 50,
        ...(kind ? { kind } : {}),
        ...(state ? { state } : {}),
        ...(userId ? { userId } : {}),
        ...(cursor ? { cursor } : {}),
      },
      signal,
    }),
  );
  const nameOf = useNames(userId ? [userId] : []);
  return (
    <div className="stack-tight">
      <Parts part="deliveries">
        <search className="filters">
          {userId && (
            <button type="button" className="chip" onClick={() => setQuery({ person: undefined })}>
              {t('audit.by', { name: nameOf(userId) })} <span aria-hidden="true">×</span>
              <span className="unseen">{t('calls.everybody')}</span>
            </button>
          )}
          <Choose
            label={t('notices.what')}
            value={kind}
            options={notificationKind.options}
            wordOf={(one) => kindWords(t, one)}
            none={t('any')}
            onChange={(one) => setQuery({ kind: one })}
          />
          <Choose
            label={t('calls.state')}
            value={state}
            options={climbState.options}
            wordOf={(one) => t(`notices.climb.${one}`)}
            none={t('any')}
            onChange={(one) => setQuery({ state: one })}
          />
        </search>
      </Parts>
      <Paged of={deliveries} empty={t('notices.delivery.none')}>
        {(items) => <Table items={items} />}
      </Paged>
    </div>
  );
}

function Table({ items }: { items: readonly NotificationDelivery[] }) {
  const { t } = useWords();
  const list = useRowKeys<HTMLTableElement>();
  const nameOf = useNames(items.map(({ userId }) => userId));
  const table = useTable('deliveries', [
    {
      name: 'person',
      title: t('notices.delivery.person'),
      always: true,
      draw: ({ id, userId }) => <PersonLink id={userId} name={nameOf(userId)} row={id} />,
      plain: ({ userId }) => nameOf(userId),
    },
    { name: 'id', title: t('table.id'), aside: true, draw: ({ id }) => <span className="mono">{id}</span>, plain: ({ id }) => id },
    { name: 'kind', title: t('notices.what'), draw: ({ kind }) => kindWords(t, kind), plain: ({ kind }) => kind },
    { name: 'at', title: t('notices.delivery.when'), draw: ({ at }) => <When at={at} />, plain: ({ at }) => at },
    { name: 'rung', title: t('notices.delivery.rung'), draw: ({ rung }) => t(`notices.rung.${rung}`), plain: ({ rung }) => rung },
    {
      name: 'state',
      title: t('calls.state'),
      draw: (one) => (
        <>
          <span className={`state climb-${one.state}`}>{t(`notices.climb.${one.state}`)}</span> {because(t, one)}{' '}
          {one.dueAt && <When at={one.dueAt} />}
        </>
      ),
      plain: (one) => [one.state, one.because].filter(Boolean).join(' '),
    },
    {
      name: 'sends',
      title: t('notices.delivery.sends'),
      draw: ({ sends }) => <Sends sends={sends} />,
      plain: ({ sends }) => sends.map((send) => `${send.channel} ${send.sentAt ?? send.code ?? ''}`).join('; '),
    },
  ] satisfies Column<NotificationDelivery>[]);
  return (
    <>
      <TableTools of={table} rows={items} />
      <Rows of={table} rows={items} idOf={({ id }) => id} label={t('notices.part.deliveries')} tableRef={list} />
    </>
  );
}

const because = (t: StaffWords, { because: why }: NotificationDelivery): string | null =>
  why === null ? null : `(${wordFor(t, `notices.because.${why}`, why)})`;

/** Every device and mailbox that was tried, a line each. */
function Sends({ sends }: { sends: NotificationDelivery['sends'] }) {
  const { t } = useWords();
  if (sends.length === 0) return <span className="soft">{t('notices.delivery.nobody')}</span>;
  return (
    <ul className="sends">
      {sends.map((send) => (
        <li key={`${send.rung} ${send.deviceId}`}>
          {wordFor(t, `notices.by.${send.channel}`, send.channel)}:{' '}
          {send.sentAt ? (
            <>
              {t('notices.delivery.sent')} <When at={send.sentAt} />
            </>
          ) : (
            <>
              {t('notices.delivery.not')} {send.code && <span className="mono">{send.code}</span>}
            </>
          )}
          {send.word && `, ${wordFor(t, `notices.word.${send.word.type}`, send.word.type)}`}
          {send.attempts > 1 && `, ${t('notices.delivery.attempts', { count: send.attempts })}`}
        </li>
      ))}
    </ul>
  );
}
