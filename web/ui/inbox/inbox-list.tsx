/** Everything that was told, by day and kind; unread things say so. In step with the person's other devices. */
import './inbox.css';
import type { TFunction } from 'i18next';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../../worker/protocol/http/notifications.ts';
import { type Day, daysOf, type KindOfDay } from '../../client/inbox-days.ts';
import { Button } from '../button.tsx';
import { locale } from '../i18n.ts';
import { ProblemNote } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { Empty, Skeleton } from '../states.tsx';
import { useNow, useStore } from '../use-store.ts';
import { Item } from './item.tsx';
import { useInbox } from './use-inbox.ts';
import { inboxWords } from './words.ts';

await inboxWords;

/** @param settings the way to how one is told, as this app links */
export function InboxList({ settings }: { settings: (words: string) => ReactNode }) {
  const { undos } = useSession();
  const { t } = useTranslation();
  const inbox = useInbox();
  const { status, items, more, error } = useStore(inbox.view);
  const unread = useStore(inbox.unread);
  const now = useNow(60_000);
  useEffect(() => inbox.look(), [inbox]);
  const markAll = (): void => {
    const upTo = inbox.newestUnread();
    if (upTo !== null) void undos.do({ kind: 'read_all', upTo });
  };
  return (
    <div className="stack">
      <div className="row apart">
        <h1>{t('inbox.title')}</h1>
        {settings(t('inbox.settings'))}
      </div>
      {unread > 0 && (
        <div className="row apart">
          <p role="status">{t('inbox.unread', { count: unread })}</p>
          <Button variant="default" onClick={markAll}>
            {t('inbox.allRead')}
          </Button>
        </div>
      )}
      {error !== null && <ProblemNote error={error} onRetry={() => void inbox.refresh()} />}
      {status === 'loading' && <Skeleton />}
      {status === 'ready' && items.length === 0 && (
        <Empty title={t('inbox.empty')} picture="cup">
          <p>{t('inbox.emptyLead')}</p>
        </Empty>
      )}
      {daysOf(items, now).map((day) => (
        <section key={day.date} className="stack-tight" aria-label={dayWords(t, day)}>
          <h2 className="told-day">{dayWords(t, day)}</h2>
          {day.kinds.map((kind) => (
            <Kind key={kind.kind} kind={kind} />
          ))}
        </section>
      ))}
      {more !== 'none' && (
        <div>
          <Button variant="default" loading={more === 'loading'} onClick={() => void inbox.more()}>
            {t('inbox.older')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Kind({ kind: { kind, items } }: { kind: KindOfDay }) {
  const { t } = useTranslation();
  return (
    <div className="sheet told-kind">
      {items.length > 1 && <h3>{manyWords(t, kind, items.length)}</h3>}
      <ul className="rows">
        {items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
    </div>
  );
}

const named = ['call.missed', 'security.sign_in', 'announcement', 'case.decided'] as const;

function manyWords(t: TFunction, kind: InboxItem['kind'], count: number): string {
  return t(`inbox.many.${named.find((each) => each === kind) ?? 'other'}`, { count });
}

function dayWords(t: TFunction, { date, ago }: Day): string {
  if (ago <= 0) return t('inbox.today');
  if (ago === 1) return t('inbox.yesterday');
  // The date is a day and no moment: read where it begins, in the zone in which it was written.
  return new Intl.DateTimeFormat(locale(), { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(date));
}
