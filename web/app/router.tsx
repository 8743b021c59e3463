/** Where things are in the members' app. Only home is loaded at once; every other screen comes when it is opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  useMatchRoute,
  useNavigate,
  useRouterState,
} from '@tanstack/react-router';
import { lazy as lazyPart, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallId, ChatId, Id, UserId } from '../../worker/protocol/ids.ts';
import { hasArrived } from '../client/shelf.ts';
import { controlled } from '../ui/controlled.tsx';
import { Frame, Page } from '../ui/frame.tsx';
import { ButtonLink, NavLink } from '../ui/links.tsx';
import { Purse } from '../ui/purse.tsx';
import { useSession } from '../ui/session.tsx';
import { Empty } from '../ui/states.tsx';
import { AutoAnswer } from './auto-answer.tsx';
import { Home } from './home.tsx';
import { MissedBadge } from './missed.tsx';

/** Conversations come once home is drawn and the device has nothing better to do. */
const idle = (): Promise<void> =>
  new Promise((done) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => done(), { timeout: 3_000 });
    else setTimeout(done, 1_000);
  });
const UnreadBadge = lazyPart(() => idle().then(() => import('./chats/unread.tsx').then(({ UnreadBadge }) => ({ default: UnreadBadge }))));
const InboxBadge = lazyPart(() => idle().then(() => import('../ui/inbox/badge.tsx').then(({ InboxBadge }) => ({ default: InboxBadge }))));
const PushDuties = lazyPart(() => import('../ui/push/duties.tsx').then(({ PushDuties }) => ({ default: PushDuties })));
const Arrived = lazyPart(() => import('../ui/go/arrived.tsx').then(({ Arrived }) => ({ default: Arrived })));

function Shell() {
  const { t } = useTranslation();
  const { me } = useSession();
  const go = useNavigate();
  const match = useMatchRoute()({ to: '/call/$id' });
  const openCall = match ? ((match as { id: string }).id as CallId) : null;
  const home = useRouterState({ select: ({ location }) => location.pathname === '/' });
  const onLink = useMatchRoute()({ to: '/go/$' }) !== false;
  const openNow = (id: CallId): void => void go({ to: '/call/$id', params: { id } });
  const { oneTap, onboarding } = me.comfort;
  const model = me.monetizationVersion;
  // One face and one tap, and nothing else; the first visit leads through its own steps.
  const bare = home && ((oneTap.on && oneTap.companions.length > 0) || !onboarding.finished);
  return (
    <Frame
      home="/"
      manner="tabs"
      openCall={openCall}
      onOpenCall={openNow}
      help={
        <div className="head-ways">
          {!bare && (
            <NavLink to="/inbox" icon="bell">
              {t('nav.inbox')}{' '}
              <Suspense fallback={null}>
                <InboxBadge />
              </Suspense>
            </NavLink>
          )}
          <ButtonLink to="/help" quiet>
            {t('nav.help')}
          </ButtonLink>
        </div>
      }
      nav={
        bare ? null : (
          <>
            <NavLink to="/" exact icon="people">
              {t('nav.people')}
            </NavLink>
            <NavLink to="/chats" icon="message">
              {t('nav.chats')}{' '}
              <Suspense fallback={null}>
                <UnreadBadge />
              </Suspense>
            </NavLink>
            <NavLink to="/calls" icon="phone">
              {t('nav.calls')} <MissedBadge />
            </NavLink>
            <NavLink to="/wallet" icon="coins">
              {t(`nav.wallet.${model}`)} {model !== 'subscription' && <Purse unit={model === 'moments' ? 'MOMENT' : 'COIN'} />}
            </NavLink>
            <NavLink to="/you" icon="me">
              {t('nav.you')}
            </NavLink>
          </>
        )
      }
    >
      {hasArrived(localStorage) && (
        <Suspense fallback={null}>
          <Arrived
            ready={onboarding.finished}
            opening={onLink}
            onLink={(rest) => void go({ to: '/go/$', params: { _splat: rest }, replace: true })}
          />
        </Suspense>
      )}
      <AutoAnswer onAnswered={openNow} />
      <Suspense fallback={null}>
        <PushDuties base="" onAnswered={openNow} />
      </Suspense>
      <Outlet />
    </Frame>
  );
}

const root = createRootRoute({ component: Shell });
const lazy = <Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component });

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });
const PersonPage = lazyRouteComponent(controlled(() => import('./person.tsx'), 'PersonPage'));
const person = createRoute({
  getParentRoute: () => root,
  path: '/people/$id',
  component: function PersonRoute() {
    return <PersonPage userId={person.useParams().id as UserId} />;
  },
});
const CallRoom = lazyRouteComponent(controlled(() => import('./call.tsx'), 'CallRoom'));
const call = createRoute({
  getParentRoute: () => root,
  path: '/call/$id',
  component: function CallRoute() {
    return <CallRoom callId={call.useParams().id as CallId} />;
  },
});
const CallStory = lazyRouteComponent(controlled(() => import('./call.tsx'), 'OverCall'));
const receipt = createRoute({
  getParentRoute: () => root,
  path: '/calls/$id',
  component: function ReceiptRoute() {
    return <CallStory callId={receipt.useParams().id as CallId} />;
  },
});

const ChatPage = lazyRouteComponent(controlled(() => import('./chats/chat.tsx'), 'ChatPage'));
const chat = createRoute({
  getParentRoute: () => root,
  path: '/chats/$id',
  // A message to go to, by its place in the sequence.
  validateSearch: ({ at }: Record<string, unknown>): { at?: number } => (Number.isSafeInteger(at) ? { at: at as number } : {}),
  component: function ChatRoute() {
    return <ChatPage chatId={chat.useParams().id as ChatId} />;
  },
});
const ChatWith = lazyRouteComponent(controlled(() => import('./chats/chat.tsx'), 'ChatWith'));
const chatWith = createRoute({
  getParentRoute: () => root,
  path: '/chats/with/$id',
  component: function ChatWithRoute() {
    return <ChatWith userId={chatWith.useParams().id as UserId} />;
  },
});

const calls = createRoute({
  getParentRoute: () => root,
  path: '/calls',
  validateSearch: ({ only }: Record<string, unknown>): { only?: 'missed' } => (only === 'missed' ? { only } : {}),
  component: lazyRouteComponent(controlled(() => import('./calls.tsx'), 'Calls')),
});

const PaymentReturn = lazyRouteComponent(controlled(() => import('./wallet/return.tsx'), 'Return'));
const payment = createRoute({
  getParentRoute: () => root,
  path: '/wallet/return/$id',
  validateSearch: ({ cancelled }: Record<string, unknown>): { cancelled?: 1 } => (Number(cancelled) === 1 ? { cancelled: 1 } : {}),
  component: function PaymentRoute() {
    return <PaymentReturn intentId={payment.useParams().id as Id<'pin'>} cancelled={payment.useSearch().cancelled === 1} />;
  },
});
const OfferPage = lazyRouteComponent(controlled(() => import('./wallet/offer-page.tsx'), 'OfferPage'));
const offered = createRoute({
  getParentRoute: () => root,
  path: '/wallet/offers/$offer',
  component: function OfferRoute() {
    return <OfferPage offer={offered.useParams().offer} />;
  },
});

/** Made once, when the page begins. */
export const appRouter = () =>
  createRouter({
    routeTree: root.addChildren([
      home,
      person,
      call,
      receipt,
      chat,
      chatWith,
      lazy('/chats', lazyRouteComponent(controlled(() => import('./chats/list.tsx'), 'ChatsPage'))),
      lazy('/chats/favourites', lazyRouteComponent(controlled(() => import('./chats/favourites.tsx'), 'FavouritesPage'))),
      calls,
      lazy(
        '/go/$',
        lazyRouteComponent(() => import('./go.tsx'), 'Go'),
      ),
      lazy('/wallet', lazyRouteComponent(controlled(() => import('./wallet/wallet.tsx'), 'Wallet'))),
      payment,
      offered,
      lazy(
        '/inbox',
        lazyRouteComponent(() => import('./inbox.tsx'), 'InboxPage'),
      ),
      lazy('/you/notifications', lazyRouteComponent(controlled(() => import('./you/notifications.tsx'), 'NotificationsPage'))),
      lazy('/help', lazyRouteComponent(controlled(() => import('./help.tsx'), 'Help'))),
      lazy('/you', lazyRouteComponent(controlled(() => import('./you/you.tsx'), 'You'))),
      lazy('/you/comfort', lazyRouteComponent(controlled(() => import('./you/comfort.tsx'), 'ComfortPage'))),
      lazy('/you/profile', lazyRouteComponent(controlled(() => import('./you/profile.tsx'), 'ProfilePage'))),
      lazy('/you/blocked', lazyRouteComponent(controlled(() => import('./you/blocked.tsx'), 'BlockedPage'))),
      lazy('/you/devices', lazyRouteComponent(controlled(() => import('./you/devices.tsx'), 'DevicesPage'))),
      lazy('/you/check', lazyRouteComponent(controlled(() => import('./you/check.tsx'), 'CheckPage'))),
      lazy('/you/one-tap', lazyRouteComponent(controlled(() => import('./you/one-tap.tsx'), 'OneTapPage'))),
    ]),
    scrollRestoration: true,
    defaultNotFoundComponent: function NotFound() {
      const { t } = useTranslation();
      return (
        <Page>
          <div className="narrow">
            <Empty title={t('problem.not_found')}>
              <ButtonLink to="/">{t('ended.toPeople')}</ButtonLink>
            </Empty>
          </div>
        </Page>
      );
    },
  });
