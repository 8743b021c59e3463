/** How many messages wait to be read, beside the word that leads to them. It brings the conversations along, and what was left unsent. */
import { useTranslation } from 'react-i18next';
import { useChats } from '../../ui/chat/use-chats.ts';
import { chatWords } from '../../ui/chat/words.ts';
import { useStore } from '../../ui/use-store.ts';

await chatWords;

export function UnreadBadge() {
  const { t } = useTranslation();
  const view = useStore(useChats().list.view);
  if (view.status !== 'ready' || view.unread === 0) return null;
  return (
    <span className="badge">
      {view.unread > 99 ? '99+' : view.unread} <span className="unseen">{t('chats.unread', { count: view.unread })}</span>
    </span>
  );
}
