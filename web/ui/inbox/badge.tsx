/** How many things are unread, beside the way to the inbox; in words for whoever hears the page. */
import { useTranslation } from 'react-i18next';
import { useStore } from '../use-store.ts';
import { useInbox } from './use-inbox.ts';
import { inboxWords } from './words.ts';

await inboxWords;

/** A number with three digits would push the way around out of its line. */
const MOST = 99;

/** @param className how numbers look in this app's way around */
export function InboxBadge({ className = 'badge' }: { className?: string }) {
  const { t } = useTranslation();
  const unread = useStore(useInbox().unread);
  if (unread === 0) return null;
  return (
    <span className={className}>
      <span aria-hidden="true">{unread > MOST ? `${MOST}+` : unread}</span>
      <span className="unseen">{t('inbox.unread', { count: unread })}</span>
    </span>
  );
}
