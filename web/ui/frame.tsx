/** The frame of every signed-in screen: the mark, where one is, the way around, and what must be known everywhere. */
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallId } from '../../worker/protocol/ids.ts';
import type { TalkView } from '../client/call/talk.ts';
import { Store } from '../client/store.ts';
import { Button } from './button.tsx';
import { IncomingCall } from './call/incoming.tsx';
import { Lamp } from './lamp.tsx';
import { useSession } from './session.tsx';
import { useOffline } from './states.tsx';
import { useStore } from './use-store.ts';

const ToldCard = lazy(() => import('./inbox/card.tsx').then(({ ToldCard }) => ({ default: ToldCard })));

export function Page({ children }: { children: ReactNode }) {
  return (
    <main className="frame-main" id="content">
      {children}
    </main>
  );
}

export interface FrameProps {
  readonly home: string;
  /** Links of this app, each drawn by its own router. */
  readonly nav: ReactNode;
  /** Where the way around is: at the top with signing out beside it, or as tabs, below the content on a phone. */
  readonly manner?: 'bar' | 'tabs';
  /** Help, at the same place on every screen. */
  readonly help?: ReactNode;
  /** The call whose own page is open: it fills the screen, and no note tells of it. */
  readonly openCall: CallId | null;
  readonly onOpenCall: (callId: CallId) => void;
  readonly children: ReactNode;
}

export function Frame({ home, nav, manner = 'bar', help, openCall, onOpenCall, children }: FrameProps) {
  const { app, live, signOut } = useSession();
  const { t } = useTranslation();
  const talk = useStore(live.talk);
  const inRoom = useInRoom(openCall);
  useEffect(() => {
    if (!openCall && talk?.view.get().ended) live.done();
  }, [openCall, talk, live]);
  return (
    <>
      <IncomingCall onAnswered={(callId) => onOpenCall(callId as CallId)} />
      {inRoom ? (
        children
      ) : (
        <div className={`frame ${manner}`}>
          <a className="skip" href="#content">
            {t('skip')}
          </a>
          <header className="frame-head">
            <div className="frame-head-in">
              <a className="brand" href={home}>
                <Lamp />
                {t('brand')} <span className="brand-where">{t(`where.${app}`)}</span>
              </a>
              {(nav || manner === 'bar') && (
                <nav className="nav" aria-label={t('nav.label')}>
                  {nav}
                  {manner === 'bar' && (
                    <button type="button" onClick={() => void signOut()}>
                      {t('nav.signOut')}
                    </button>
                  )}
                </nav>
              )}
              {help}
            </div>
          </header>
          <Notes openCall={openCall} onOpenCall={onOpenCall} />
          {children}
        </div>
      )}
    </>
  );
}

/** True while the open page is a call that is not over. */
function useInRoom(openCall: CallId | null): boolean {
  const { live } = useSession();
  const talk = useStore(live.talk);
  const view = useStore<TalkView | null>((talk?.view as Store<TalkView | null> | undefined) ?? emptyView);
  return openCall !== null && view !== null && view.callId === openCall && !view.ended && view.link !== 'closed';
}

const emptyView: Store<TalkView | null> = new Store<TalkView | null>(null);

function Notes({ openCall, onOpenCall }: { openCall: CallId | null; onOpenCall: (callId: CallId) => void }) {
  const { live } = useSession();
  const { t } = useTranslation();
  const offline = useOffline();
  const phase = useStore(live.phase);
  const note = useStore(live.note);
  const talk = useStore(live.talk);
  const elsewhere = useStore(live.elsewhere);
  const told = useStore(live.told);
  const running = talk && !talk.view.get().ended && talk.view.get().callId !== openCall ? talk : null;
  const elsewhereShown = elsewhere && elsewhere.id !== openCall && !talk ? elsewhere : null;
  return (
    <div className="stack-tight notes">
      {(offline || (phase.phase === 'waiting' && phase.attempt > 0)) && (
        <p className="note warn" role="status">
          {t(offline ? 'offline.note' : 'link.lost')}
        </p>
      )}
      {phase.phase === 'closed' && (phase.reason === 'revoked' || phase.reason === 'replaced') && (
        <p className="note warn" role="alert">
          {t(`link.${phase.reason}`)}
        </p>
      )}
      {note && (
        <div className="note" role="status">
          <p className="note-text">
            {t(note.kind === 'missed' ? 'ring.missed' : 'ring.answeredElsewhere', { name: note.from.displayName })}
          </p>
          <Button variant="default" onClick={() => live.note.set(null)}>
            {t('close')}
          </Button>
        </div>
      )}
      {told !== null && (
        <Suspense fallback={null}>
          <ToldCard />
        </Suspense>
      )}
      {running && (
        <div className="note" role="status">
          <p className="note-text">{t('call.inCall')}</p>
          <Button onClick={() => onOpenCall(running.view.get().callId)}>{t('call.back')}</Button>
        </div>
      )}
      {elsewhereShown && (
        <div className="note" role="status">
          <p className="note-text">{t('call.elsewhere')}</p>
          <Button onClick={() => onOpenCall(elsewhereShown.id)}>{t('call.takeHere')}</Button>
          <Button variant="default" onClick={() => void live.endElsewhere(elsewhereShown.id)}>
            {t('call.endIt')}
          </Button>
        </div>
      )}
    </div>
  );
}
