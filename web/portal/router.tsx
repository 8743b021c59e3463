/** Where things are in the companions' portal. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, useMatchRoute } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type DeskList, deskList } from '../../worker/protocol/http/desk.ts';
import type { CallId, UserId } from '../../worker/protocol/ids.ts';
import { Page } from '../ui/frame.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { DeskCall } from './call/desk-call.tsx';
import { type CallFilter, callFilters } from './calls/call-list.tsx';
import { Calls } from './calls/calls.tsx';
import { Slip } from './calls/slip.tsx';
import type { ConversationsSearch } from './conversations/conversations.tsx';
import { Desk } from './desk.tsx';
import { Earnings } from './earnings/earnings.tsx';
import { Hours } from './hours/hours.tsx';
import { KeysProvider } from './keys/keys.tsx';
import { MePage } from './me/me.tsx';
import { Today } from './today/today.tsx';

function Shell() {
  const match = useMatchRoute()({ to: '/call/$id' });
  return (
    <KeysProvider>
      <Desk openCall={match ? ((match as { id: string }).id as CallId) : null}>
        <Outlet />
      </Desk>
    </KeysProvider>
  );
}

const root = createRootRoute({ component: Shell });
const today = createRoute({ getParentRoute: () => root, path: '/', component: Today });
const calls = createRoute({
  getParentRoute: () => root,
  path: '/calls',
  validateSearch: ({ only }: Record<string, unknown>): { only?: CallFilter } =>
    callFilters.some((each) => each === only) ? { only: only as CallFilter } : {},
  component: Calls,
});
const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: lazyRouteComponent(() => import('./inbox/inbox.tsx'), 'InboxPage'),
});
const notifications = createRoute({
  getParentRoute: () => root,
  path: '/me/notifications',
  component: lazyRouteComponent(() => import('./me/notifications.tsx'), 'NotificationsPage'),
});
const go = createRoute({ getParentRoute: () => root, path: '/go/$', component: lazyRouteComponent(() => import('./go.tsx'), 'Go') });
const PersonPage = lazyRouteComponent(() => import('./people/person.tsx'), 'PersonPage');
const person = createRoute({
  getParentRoute: () => root,
  path: '/people/$id',
  component: function PersonRoute() {
    return <PersonPage userId={person.useParams().id as UserId} />;
  },
});
const earnings = createRoute({ getParentRoute: () => root, path: '/earnings', component: Earnings });
const hours = createRoute({ getParentRoute: () => root, path: '/hours', component: Hours });
const me = createRoute({ getParentRoute: () => root, path: '/me', component: MePage });

const conversations = createRoute({
  getParentRoute: () => root,
  path: '/conversations',
  validateSearch: ({ list, open }: Record<string, unknown>): ConversationsSearch => ({
    ...(deskList.options.some((each) => each === list) ? { list: list as DeskList } : {}),
    ...(typeof open === 'string' ? { open } : {}),
  }),
  component: lazyRouteComponent(() => import('./conversations/conversations.tsx'), 'Conversations'),
});

const call = createRoute({
  getParentRoute: () => root,
  path: '/call/$id',
  component: function CallRoute() {
    const id = call.useParams().id as CallId;
    return <DeskCall key={id} callId={id} />;
  },
});

const slip = createRoute({
  getParentRoute: () => root,
  path: '/calls/$id',
  component: function SlipRoute() {
    return (
      <Page>
        <Slip callId={slip.useParams().id as CallId} />
      </Page>
    );
  },
});

export const router = createRouter({
  routeTree: root.addChildren([today, call, calls, slip, conversations, earnings, hours, me, notifications, inbox, go, person]),
  basepath: '/portal',
  scrollRestoration: true,
  defaultNotFoundComponent: function NotFound() {
    const { t } = useTranslation();
    return (
      <Page>
        <div className="narrow sheet stack">
          <h1>{t('problem.not_found')}</h1>
          <ButtonLink to="/">{t('ended.toToday')}</ButtonLink>
        </div>
      </Page>
    );
  },
});
