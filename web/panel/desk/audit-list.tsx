/** What staff changed, newest first, each with what stood before and after. */
import { Link } from '@tanstack/react-router';
import { readAudit } from '../../../worker/protocol/http/admin.ts';
import type { AnswerOf } from '../../../worker/protocol/http/endpoint.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { useSession } from '../../ui/session.tsx';
import { useWords, wordFor } from '../words.ts';
import { Diff, linesOf } from './diff.tsx';
import { Paged, usePaged } from './paged.tsx';
import { useRowKeys } from './row-keys.ts';
import { SaveCsv } from './table.tsx';
import { PersonLink, useNames, When } from './words.tsx';

const columns = ['id', 'at', 'actor', 'action'] as const;
type Entry = AnswerOf<typeof readAudit>['items'][number];

export function AuditList({ subject, actor }: { subject?: string | undefined; actor?: UserId | undefined }) {
  const { api } = useSession();
  const { t } = useWords();
  const entries = usePaged(['audit', subject, actor], (cursor, signal) =>
    api.call(readAudit, {
      query: { limit: 50, ...(subject ? { subject } : {}), ...(actor ? { actor } : {}), ...(cursor ? { cursor } : {}) },
      signal,
    }),
  );
  return (
    <Paged of={entries} empty={t('audit.none')}>
      {(items) => <Entries items={items} />}
    </Paged>
  );
}

function Entries({ items }: { items: readonly Entry[] }) {
  const { t } = useWords();
  const list = useRowKeys<HTMLUListElement>();
  const people = items.flatMap(({ actor, subject }) => [actor, ...(subject.startsWith('usr_') ? [subject as UserId] : [])]);
  const nameOf = useNames(people);
  const action = (entry: Entry): string => wordFor(t, `action.${entry.action.replace('.', '_')}`, entry.action);
  const about = ({ subject }: Entry): string => (subject.startsWith('usr_') ? nameOf(subject as UserId) : subject);
  return (
    <>
      <div className="table-tools">
        <SaveCsv
          what="audit"
          titles={[...columns.map((column) => t(`audit.columns.${column}`)), t('audit.subject'), t('diff.before'), t('diff.after')]}
          rows={() =>
            items.map((entry) => [
              entry.id,
              entry.at,
              nameOf(entry.actor),
              action(entry),
              entry.subject,
              JSON.stringify(entry.before),
              JSON.stringify(entry.after),
            ])
          }
          count={items.length}
        />
      </div>
      <ul className="entries" ref={list}>
        {items.map((entry) => (
          <li key={entry.id}>
            <details>
              <summary data-row={entry.id}>
                <When at={entry.at} />
                <span>{nameOf(entry.actor)}</span>
                <strong>{action(entry)}</strong>
                <span className="soft">{about(entry)}</span>
              </summary>
              <div className="stack-tight pad">
                <Diff before={linesOf(entry.before)} after={linesOf(entry.after)} />
                <p className="soft">
                  <PersonLink id={entry.actor} name={nameOf(entry.actor)} /> · <Subject subject={entry.subject} /> ·{' '}
                  <span className="mono">{entry.id}</span>
                </p>
              </div>
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Leads to what was changed where it has a page. */
function Subject({ subject }: { subject: string }) {
  const { t } = useWords();
  const text = t('audit.open', { subject });
  if (subject.startsWith('usr_'))
    return (
      <Link to="/people/$id" params={{ id: subject }}>
        {text}
      </Link>
    );
  if (subject.startsWith('call_'))
    return (
      <Link to="/calls/$id" params={{ id: subject }}>
        {text}
      </Link>
    );
  if (subject.startsWith('tar_'))
    return (
      <Link to="/tariffs/$id" params={{ id: subject }}>
        {text}
      </Link>
    );
  const [kind, id = ''] = subject.split(':');
  if (kind === 'product' || kind === 'paywall')
    return (
      <Link to={kind === 'product' ? '/shop/products/$id' : '/shop/paywalls/$id'} params={{ id }}>
        {text}
      </Link>
    );
  return <span className="mono">{subject}</span>;
}
