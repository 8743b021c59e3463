/** Where links lead in the members' app. */
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ResolvedLink } from '../../worker/protocol/http/links.ts';
import type { LinkTarget, SettingsPart } from '../../worker/protocol/links.ts';
import { GoPage, type Place } from '../ui/go/go-page.tsx';
import { useSession } from '../ui/session.tsx';

const settings: Readonly<Record<SettingsPart, string>> = {
  notifications: '/you/notifications',
  comfort: '/you/comfort',
  profile: '/you/profile',
  devices: '/you/devices',
  blocked: '/you/blocked',
  check: '/you/check',
  'one-tap': '/you/one-tap',
};

export function placeOf(target: LinkTarget, call: ResolvedLink['call'], myself: string): Place {
  switch (target.kind) {
    case 'call':
      // What rings fills the screen by itself, over whatever page there is.
      if (call === 'ringing') return { to: '/' };
      return { to: call === 'over' ? '/calls/$id' : '/call/$id', params: { id: target.id } };
    case 'call-back':
      return { to: '/people/$id', params: { id: target.id } };
    case 'profile':
      return target.id === myself ? { to: '/you/profile' } : { to: '/people/$id', params: { id: target.id } };
    case 'chat':
      return { to: '/chats/$id', params: { id: target.id } };
    case 'settings':
      return { to: settings[target.part] };
    case 'missed':
      return { to: '/calls', search: { only: 'missed' } };
    case 'inbox':
    case 'calls':
    case 'chats':
    case 'wallet':
    case 'help':
      return { to: `/${target.kind}` };
    case 'paywall':
      return { to: '/wallet/offers/$offer', params: { offer: target.offer } };
    // The rest are places of others; the server leads nobody there who is in this app.
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
      ready={me.comfort.onboarding.finished}
      placeOf={(target, call) => placeOf(target, call, me.id)}
      onOpen={({ to, params = {}, search = {} }) => void go({ to, params, search, replace: true })}
    />
  );
}
