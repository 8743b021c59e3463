/** One thing that was told: what it is, whether it is new, in words, and what can be done with it. */
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../../worker/protocol/http/notifications.ts';
import { Icon, type IconName } from '../call/icons.tsx';
import { timeWords } from '../format.ts';
import { Acts, GoLink, leadsTo } from './acts.tsx';

const icons: Readonly<Record<InboxItem['group'], IconName>> = {
  calls: 'missed',
  messages: 'message',
  safety: 'shield',
  purchases: 'coins',
  news: 'news',
  work: 'check',
};

/** Kinds whose words say when it was. */
const saysWhen: readonly InboxItem['kind'][] = ['call.missed', 'security.sign_in', 'job.failed', 'job.healed'];

export const iconOf = ({ group }: InboxItem): IconName => icons[group];

export function Item({ item }: { item: InboxItem }) {
  const { t } = useTranslation();
  const { title, body } = item.words;
  const unread = item.readAt === null;
  const whole = leadsTo(item);
  const said = (
    <>
      <span className="told-icon">
        <Icon name={iconOf(item)} />
      </span>
      <span className="grow">
        <strong className="told-title">{title}</strong> {unread && <span className="told-new">{t('inbox.new')}</span>}
        <span className="told-body">{body}</span>
        {!saysWhen.includes(item.kind) && <span className="soft">{timeWords(item.at)}</span>}
      </span>
    </>
  );
  return (
    <li className={unread ? 'told unread' : 'told'}>
      {whole === null ? (
        <div className="told-said">{said}</div>
      ) : (
        <GoLink item={item} link={whole} className="told-said">
          {said}
        </GoLink>
      )}
      {(unread || item.actions.length > 0) && <Acts item={item} />}
    </li>
  );
}
