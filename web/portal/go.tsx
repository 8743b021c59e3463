/** Where links lead in the companions' portal. */
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ResolvedLink } from '../../worker/protocol/http/links.ts';
import type { LinkTarget } from '../../worker/protocol/links.ts';
import { GoPage, type Place } from '../ui/go/go-page.tsx';
import { useSession } from '../ui/session.tsx';

export function placeOf(target: LinkTarget, call: ResolvedLink['call'], myself: string): Place {
  switch (target.kind) {
    case 'call':
      // What rings fills the screen by itself, over whatever page there is.
      if (call === 'ringing') return { to: '/' };
      return { to: call === 'over' ? '/calls/$id' : '/call/$id', params: { id: target.id } };
    case 'call-back':
      return { to: '/people/$id', params: { id: target.id } };
    case 'profile':
      return target.id === myself ? { to: '/me' } : { to: '/people/$id', params: { id: target.id } };
    case 'chat':
      return { to: '/conversations', search: { open: target.id } };
    case 'chats':
      return { to: '/conversations' };
    case 'missed':
      return { to: '/calls', search: { only: 'missed' } };
    case 'inbox':
    case 'calls':
    case 'earnings':
    case 'hours':
      return { to: `/${target.kind}` };
    case 'settings':
      return { to: target.part === 'notifications' ? '/me/notifications' : '/me' };
    // The rest are places of others; the server leads nobody there who is at this desk.
    default:
      return { to: '/' };
  }
}

export function Go() {
  const { me } = useSession();
  const go = useNavigate();
  const { _splat: rest = '' } = useParams({ strict: false }) as { _splat?: string };
  return (
    <GoPage
      key={rest}
      rest={rest}
      ready
      placeOf={(target, call) => placeOf(target, call, me.id)}
      onOpen={({ to, params = {}, search = {} }) => void go({ to, params, search, replace: true })}
    />
  );
}
