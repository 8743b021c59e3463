/** Everything about one person: a summary, then what belongs to them, part by part. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { readAnyone, type WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import type { UserId } from '../../../../worker/protocol/ids.ts';
import type { Permission } from '../../../../worker/protocol/permissions.ts';
import { Portrait } from '../../../ui/portrait.tsx';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useGo, usePathId, useQueryText } from '../../address.ts';
import { AuditList } from '../../desk/audit-list.tsx';
import { Unread } from '../../desk/nothing.tsx';
import { useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { CallsOf } from './calls-of.tsx';
import { Money } from './money.tsx';
import { Sessions } from './sessions.tsx';
import { Summary } from './summary.tsx';
import { Wallet } from './wallet.tsx';

const parts: readonly {
  name: 'summary' | 'calls' | 'money' | 'wallet' | 'sessions' | 'audit' | 'raw';
  needs?: Permission;
  /** Only people with this role have it. */
  of?: WholePerson['role'];
  draw: (person: WholePerson) => ReactNode;
}[] = [
  { name: 'summary', draw: (person) => <Summary person={person} /> },
  { name: 'calls', needs: 'call.read_any', draw: ({ id }) => <CallsOf id={id} /> },
  { name: 'money', needs: 'ledger.read', draw: (person) => <Money person={person} /> },
  { name: 'wallet', needs: 'payments.read', of: 'member', draw: (person) => <Wallet person={person} /> },
  { name: 'sessions', draw: (person) => <Sessions person={person} /> },
  { name: 'audit', needs: 'audit.read', draw: ({ id }) => <AuditList subject={id} /> },
  { name: 'raw', draw: (person) => <Raw person={person} /> },
];

export default function PersonPage() {
  const id = usePathId<UserId>();
  const { api, me } = useSession();
  const { t } = useWords();
  const go = useGo();
  const [query, setQuery] = useQueryText();
  const found = useQuery({
    queryKey: ['person', id],
    queryFn: ({ signal }) => api.call(readAnyone, { params: { id }, signal }),
    refetchInterval: 10_000,
  });
  const mine = parts.filter(
    ({ needs, of }) => (needs === undefined || me.permissions.includes(needs)) && (of === undefined || of === found.data?.person.role),
  );
  const part = mine.find(({ name }) => name === query.part) ?? mine[0];
  const step = (by: number): void => {
    const at = mine.findIndex(({ name }) => name === part?.name);
    setQuery({ part: mine[(at + by + mine.length) % mine.length]?.name });
  };
  useCommand({ keys: 'Escape', label: t('people.back'), group: 'here', run: () => go('/people') });
  useCommand({ keys: '[', label: t('people.partBefore'), group: 'here', run: () => step(-1) });
  useCommand({ keys: ']', label: t('people.partAfter'), group: 'here', run: () => step(1) });
  if (found.isPending) return <Waiting />;
  if (!found.data) return <Unread error={found.error} onRetry={() => void found.refetch()} />;
  const { person } = found.data;
  const name = person.public.displayName || person.private?.email || person.id;
  return (
    <div className="stack-tight">
      <div className="head">
        <div className="row-tight">
          <Portrait name="" seed={person.public.portrait ?? (person.public.displayName || person.id)} size={56} />
          <div>
            <p className="crumbs">
              <Link to="/people">{t('sections.people')}</Link>
            </p>
            <h1>{name}</h1>
            <p className="soft">
              {t(`role.${person.role}`)} · {t(`presence.${person.presence}`)} · <span className="mono">{person.id}</span>
            </p>
          </div>
        </div>
        {person.busyWith && (
          <Link className="act" to="/calls/$id" params={{ id: person.busyWith }}>
            {t('people.toCall')}
          </Link>
        )}
      </div>
      <nav className="parts" aria-label={t('people.parts')}>
        {mine.map(({ name: key }) => (
          <Link
            key={key}
            to="."
            search={{ part: key } as never}
            aria-current={key === part?.name ? 'page' : undefined}
            activeProps={{}}
            replace
          >
            {t(`people.part.${key}`)}
          </Link>
        ))}
      </nav>
      {part?.draw(person)}
    </div>
  );
}

function Raw({ person }: { person: WholePerson }) {
  const { t } = useWords();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="raw" tabIndex={0} aria-label={t('people.part.raw')}>
      <pre>{JSON.stringify(person, null, 2)}</pre>
    </section>
  );
}
