/** What can be done with something that was told: its own actions, and having read it. */
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../../worker/protocol/http/notifications.ts';
import { LINK_BASE } from '../../../worker/protocol/links.ts';
import { Button, ButtonFace, buttonLooks } from '../button.tsx';
import { useInbox } from './use-inbox.ts';

/** A link of the grammar, as this app's router opens it. What was opened has been read. */
export function GoLink({ item, link, className, ...rest }: { item: InboxItem; link: string; className: string; children: ReactNode }) {
  const inbox = useInbox();
  return (
    <Link
      to="/go/$"
      params={{ _splat: link.slice(LINK_BASE.length) }}
      className={className}
      onClick={() => void inbox.read([item.id])}
      {...rest}
    />
  );
}

/** Where the whole thing leads; null where it leads no further than to the inbox. */
export const leadsTo = ({ link }: InboxItem): string | null => (link === `${LINK_BASE}inbox` ? null : link);

export function Acts({ item, size = 'lg' }: { item: InboxItem; size?: 'md' | 'lg' }) {
  const { t } = useTranslation();
  const inbox = useInbox();
  // “Open” stands beside other actions only where it leads elsewhere than the thing itself.
  const acts = item.actions.filter(({ name, link }) => name !== 'open' || link !== item.link);
  const whole = leadsTo(item);
  const shown = acts.length > 0 || whole === null ? acts : [{ name: 'open' as const, link: whole }];
  const open = item.readAt === null;
  return (
    <div className="row told-acts">
      {shown.map(({ name, link }, index) => (
        <GoLink
          key={name}
          item={item}
          link={link}
          className="button"
          {...buttonLooks({ variant: index === 0 && open ? 'filled' : 'default', size })}
        >
          <ButtonFace>{actWords(t, name, item)}</ButtonFace>
        </GoLink>
      ))}
      {open && (
        <Button variant="default" size={size} onClick={() => void inbox.read([item.id])}>
          {t(item.kind === 'security.sign_in' ? 'inbox.act.wasMe' : 'inbox.act.read')}
        </Button>
      )}
    </div>
  );
}

function actWords(t: TFunction, name: InboxItem['actions'][number]['name'], { body }: InboxItem): string {
  if (name !== 'call_back') return t(`inbox.act.${name}`);
  const from = (body.from as { displayName?: unknown } | undefined)?.displayName;
  return typeof from === 'string' && from !== '' ? t('inbox.act.call_back', { name: from }) : t('inbox.act.callBack');
}
