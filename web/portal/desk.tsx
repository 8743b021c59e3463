/** The frame of the desk: where one is, whether one is at work, who rings; the same at the side of every screen. */
import { useMatchRoute, useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallId } from '../../worker/protocol/ids.ts';
import type { TalkView } from '../client/call/talk.ts';
import { hasArrived } from '../client/shelf.ts';
import { Store } from '../client/store.ts';
import { Button } from '../ui/button.tsx';
import { Lamp } from '../ui/lamp.tsx';
import { NavLink } from '../ui/links.tsx';
import { Purse } from '../ui/purse.tsx';
import { useSession } from '../ui/session.tsx';
import { useStore } from '../ui/use-store.ts';
import { Ring } from './call/ring.tsx';
import { Freshness } from './freshness.tsx';
import { Caps, HelpButton, useShortcut } from './keys/keys.tsx';
import { useKnownAhead } from './queries.ts';
import { WorkPill } from './today/work.tsx';
import { WaitingCount } from './waiting.tsx';

const InboxBadge = lazy(() => import('../ui/inbox/badge.tsx').then(({ InboxBadge }) => ({ default: InboxBadge })));
const ToldCard = lazy(() => import('../ui/inbox/card.tsx').then(({ ToldCard }) => ({ default: ToldCard })));
const PushDuties = lazy(() => import('../ui/push/duties.tsx').then(({ PushDuties }) => ({ default: PushDuties })));
const Arrived = lazy(() => import('../ui/go/arrived.tsx').then(({ Arrived }) => ({ default: Arrived })));

export function Desk({ openCall, children }: { openCall: CallId | null; children: ReactNode }) {
  const { live } = useSession();
  const go = useNavigate();
  const talk = useStore(live.talk);
  const inRoom = useInRoom(openCall);
  const inConversations = useMatchRoute()({ to: '/conversations' }) !== false;
  const ringing = useStore(live.incoming) !== null;
  const onLink = useMatchRoute()({ to: '/go/$' }) !== false;
  useKnownAhead();
  useShortcut('goToday', () => void go({ to: '/' }), !inRoom);
  useShortcut('goCalls', () => void go({ to: '/calls' }), !inRoom);
  useShortcut('goChats', () => void go({ to: '/conversations' }), !inRoom);
  useShortcut('goEarnings', () => void go({ to: '/earnings' }), !inRoom);
  useShortcut('goHours', () => void go({ to: '/hours' }), !inRoom);
  useShortcut('goInbox', () => void go({ to: '/inbox' }), !inRoom);
  useShortcut('goMe', () => void go({ to: '/me' }), !inRoom);
  useEffect(() => {
    if (!openCall && talk?.view.get().ended) live.done();
  }, [openCall, talk, live]);
  const open = (id: CallId): void => void go({ to: '/call/$id', params: { id } });
  useCallAlong(open);
  return (
    <>
      <Ring onAnswered={open} />
      <Suspense fallback={null}>
        <PushDuties base="/portal" onAnswered={open} />
      </Suspense>
      {hasArrived(localStorage) && (
        <Suspense fallback={null}>
          <Arrived ready opening={onLink} onLink={(rest) => void go({ to: '/go/$', params: { _splat: rest }, replace: true })} />
        </Suspense>
      )}
      {inRoom ? (
        children
      ) : (
        <div className={inConversations ? 'desk frame slim' : 'desk frame'} inert={ringing}>
          <Side />
          <div className="desk-main">
            <Notes openCall={openCall} onOpenCall={open} />
            {children}
          </div>
        </div>
      )}
    </>
  );
}

function Side() {
  const { t } = useTranslation();
  const { signOut } = useSession();
  return (
    <header className="side">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <a className="brand" href="/portal/">
        <Lamp />
        <span>
          {t('brand')} <span className="brand-where">{t('where.portal')}</span>
        </span>
      </a>
      <WorkPill />
      <nav className="side-nav" aria-label={t('nav.label')}>
        <NavLink to="/" exact icon="people">
          <span className="grow">{t('nav.today')}</span>
          <Caps id="goToday" />
        </NavLink>
        <NavLink to="/calls" icon="phone">
          <span className="grow">{t('nav.calls')}</span>
          <Caps id="goCalls" />
        </NavLink>
        <NavLink to="/conversations" icon="message">
          <span className="grow">
            {t('desk.nav.chats')} <WaitingCount />
          </span>
          <Caps id="goChats" />
        </NavLink>
        <NavLink to="/earnings" icon="coins">
          <span className="grow">
            {t('nav.earnings')} <Purse unit="EARN" />
          </span>
          <Caps id="goEarnings" />
        </NavLink>
        <NavLink to="/hours" icon="check">
          <span className="grow">{t('desk.nav.hours')}</span>
          <Caps id="goHours" />
        </NavLink>
        <NavLink to="/inbox" icon="bell">
          <span className="grow">
            {t('nav.inbox')}{' '}
            <Suspense fallback={null}>
              <InboxBadge className="nav-count" />
            </Suspense>
          </span>
          <Caps id="goInbox" />
        </NavLink>
        <NavLink to="/me" icon="me">
          <span className="grow">{t('desk.nav.me')}</span>
          <Caps id="goMe" />
        </NavLink>
      </nav>
      <div className="side-foot">
        <HelpButton />
        <button type="button" onClick={() => void signOut()}>
          {t('nav.signOut')}
        </button>
      </div>
    </header>
  );
}

const KEPT = 'hearthline.desk.call';

/** A call of this desk goes along when another tab takes the desk, or the page is opened anew elsewhere. */
function useCallAlong(open: (id: CallId) => void): void {
  const { live } = useSession();
  const talk = useStore(live.talk);
  const elsewhere = useStore(live.elsewhere);
  useEffect(() => {
    if (talk && !talk.view.get().ended) localStorage.setItem(KEPT, talk.view.get().callId);
  }, [talk]);
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    if (elsewhere && !live.talk.get() && localStorage.getItem(KEPT) === elsewhere.id) latest.current(elsewhere.id);
  }, [elsewhere, live]);
}

/** True while the open page is a call that is not over. */
function useInRoom(openCall: CallId | null): boolean {
  const { live } = useSession();
  const talk = useStore(live.talk);
  const view = useStore<TalkView | null>((talk?.view as Store<TalkView | null> | undefined) ?? noView);
  return openCall !== null && view !== null && view.callId === openCall && !view.ended && view.link !== 'closed';
}

const noView: Store<TalkView | null> = new Store<TalkView | null>(null);

function Notes({ openCall, onOpenCall }: { openCall: CallId | null; onOpenCall: (callId: CallId) => void }) {
  const { live } = useSession();
  const { t } = useTranslation();
  const note = useStore(live.note);
  const talk = useStore(live.talk);
  const elsewhere = useStore(live.elsewhere);
  const told = useStore(live.told);
  const running = talk && !talk.view.get().ended && talk.view.get().callId !== openCall ? talk : null;
  const shown = elsewhere && elsewhere.id !== openCall && !talk ? elsewhere : null;
  return (
    <div className="desk-notes">
      <Freshness />
      {note && (
        <div className="note" role="status">
          <p className="note-text">
            {t(note.kind === 'missed' ? 'ring.missed' : 'ring.answeredElsewhere', { name: note.from.displayName })}
          </p>
          <Button variant="default" size="md" onClick={() => live.note.set(null)}>
            {t('close')}
          </Button>
        </div>
      )}
      {told !== null && (
        <Suspense fallback={null}>
          <ToldCard size="md" />
        </Suspense>
      )}
      {running && (
        <div className="note" role="status">
          <p className="note-text">{t('call.inCall')}</p>
          <Button size="md" onClick={() => onOpenCall(running.view.get().callId)}>
            {t('call.back')}
          </Button>
        </div>
      )}
      {shown && (
        <div className="note" role="status">
          <p className="note-text">{t('call.elsewhere')}</p>
          <Button size="md" onClick={() => onOpenCall(shown.id)}>
            {t('call.takeHere')}
          </Button>
          <Button size="md" variant="default" onClick={() => void live.endElsewhere(shown.id)}>
            {t('call.endIt')}
          </Button>
        </div>
      )}
    </div>
  );
}
