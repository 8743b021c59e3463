/**
 * The messages of a conversation, newest at the foot. Of a long one only what is near the window is drawn: the rest keeps
 * its height. The scroller counts from its foot (`column-reverse`), so that older messages coming in above move nothing.
 */
import { memo, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import { wished } from '../../client/chat/view.ts';
import { Button } from '../button.tsx';
import { Picture } from '../states.tsx';
import { Bubble, LetterBubble } from './bubble.tsx';
import { Card, isHouse } from './cards.tsx';
import { useConversing } from './context.ts';
import { ChatIcon } from './icons.tsx';
import { dayOf, dayWords, messageWords } from './said.ts';

/** Messages whose `seq` falls into the same piece of this length are drawn or left out together. */
const PIECE = 64;
/** px beyond the window that are drawn as well. */
const NEAR = 1_400;
/** px from the foot at which somebody still sees the newest. */
const FOOT = 80;
/** Messages of the same person within this time stand closer together, ms. */
const JOINED_MS = 5 * 60_000;

interface Piece {
  readonly key: number;
  readonly messages: readonly Message[];
  /** The message before the first; null at the beginning of what is here. */
  readonly before: Message | null;
}

const same = (a: Piece, b: Piece): boolean =>
  a.before === b.before && a.messages.length === b.messages.length && a.messages.every((message, index) => message === b.messages[index]);

/** Pieces that did not change stay the same objects, so that they need not be drawn again. */
function usePieces(messages: readonly Message[]): readonly Piece[] {
  const last = useRef<readonly Piece[]>([]);
  return useMemo(() => {
    const pieces: Piece[] = [];
    let key = Number.NaN;
    let begin = 0;
    const close = (end: number): void => {
      if (end > begin) pieces.push({ key, messages: messages.slice(begin, end), before: messages[begin - 1] ?? null });
      begin = end;
    };
    messages.forEach(({ seq }, index) => {
      const next = Math.floor(seq / PIECE);
      if (next !== key) close(index);
      key = next;
    });
    close(messages.length);
    const known = new Map(last.current.map((piece) => [piece.key, piece]));
    last.current = pieces.map((piece) => {
      const before = known.get(piece.key);
      return before && same(before, piece) ? before : piece;
    });
    return last.current;
  }, [messages]);
}

export interface TimelineProps {
  /** The first message that was unread when the conversation was opened. */
  readonly unreadFrom: number | null;
  /** The message to go to; again with a new object. */
  readonly target: { readonly seq: number } | null;
}

export function Timeline({ unreadFrom, target }: TimelineProps) {
  const { t } = useTranslation();
  const { view, me, peer } = useConversing();
  const span = view.past ?? view.span;
  const messages = useMemo(() => wished(span, view.wishes, me), [span, view.wishes, me]);
  const pieces = usePieces(messages);
  const scroller = useRef<HTMLElement>(null);
  const { atFoot, below, toFoot } = useFoot(scroller, span.first, messages);
  const found = useTarget(scroller, target, messages);
  useBegin(scroller, unreadFrom);
  useSeen(atFoot);
  const nothing = messages.length === 0 && view.older === 'none' && view.letters.length === 0;
  const arrived = view.past ? undefined : messages.at(-1);
  return (
    <div className="timeline-box">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="timeline" ref={scroller} tabIndex={0} aria-label={t('chat.with', { name: peer.displayName })}>
        <div className="timeline-in">
          {!nothing && <Older root={scroller} first={span.first} />}
          {pieces.map((piece) => (
            <PieceView
              key={piece.key}
              piece={piece}
              root={scroller}
              unreadFrom={unreadFrom}
              found={piece.messages.some(({ seq }) => seq === found) ? found : null}
            />
          ))}
          {nothing && (
            <div className="empty">
              <Picture name="cup" />
              <h2>{t('chat.empty')}</h2>
              <p>{t('chat.emptyLead', { name: peer.displayName })}</p>
            </div>
          )}
          {view.past ? (
            <div className="row middle newer">
              <Button variant="default" loading={view.older === 'loading'} onClick={view.acts.newer}>
                {t('chat.newer')}
              </Button>
            </div>
          ) : (
            <>
              <ol className="says">
                {view.letters.map((letter) => (
                  <li key={letter.clientId}>
                    <LetterBubble letter={letter} />
                  </li>
                ))}
              </ol>
              <p className="typing" aria-live="off">
                {view.typing && t('chat.typing', { name: peer.displayName })}
              </p>
            </>
          )}
        </div>
      </section>
      <p className="unseen" role="status">
        {arrived && arrived.sender !== me && `${peer.displayName}: ${messageWords(t, arrived)}`}
      </p>
      {(view.past || (!atFoot && below > 0)) && (
        <div className="to-foot">
          {view.past && (
            <p className="unseen" role="status">
              {t('chat.past')}
            </p>
          )}
          <Button
            leftSection={<ChatIcon name="down" />}
            onClick={() => {
              view.acts.newest();
              toFoot();
            }}
          >
            {view.past ? t('chat.toNewest') : t('chat.newBelow', { count: below })}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Whether the newest is in sight, how many came while it was not, and keeping still what is read meanwhile. */
function useFoot(scroller: RefObject<HTMLElement | null>, first: number, messages: readonly Message[]) {
  const { view, me } = useConversing();
  const [atFoot, setAtFoot] = useState(true);
  const [from, setFrom] = useState(0);
  const last = messages.at(-1)?.seq ?? 0;
  const drawn = useRef({ first, last, height: 0, letters: 0, past: false });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = (): void => setAtFoot(element.scrollTop > -FOOT);
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [scroller]);
  useEffect(() => {
    if (atFoot) setFrom(last);
  }, [atFoot, last]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const before = drawn.current;
    const past = view.past !== null;
    const grew = last > before.last && before.height > 0;
    // Something was added below what is being read: it stays where it is.
    if (grew && (before.past || element.scrollTop <= -FOOT)) element.scrollTop -= element.scrollHeight - before.height;
    // What one has just written oneself is shown.
    if (!past && view.letters.length > before.letters) element.scrollTop = 0;
    drawn.current = { first, last, height: element.scrollHeight, letters: view.letters.length, past };
  });
  const below = messages.filter(({ seq, sender }) => seq > from && sender !== me).length;
  const toFoot = (): void => {
    if (scroller.current) scroller.current.scrollTop = 0;
  };
  return { atFoot, below, toFoot };
}

/** Goes to a message once it is here; the answer is the one that was gone to. */
function useTarget(
  scroller: RefObject<HTMLElement | null>,
  target: { readonly seq: number } | null,
  messages: readonly Message[],
): number | null {
  const done = useRef<object | null>(null);
  const [found, setFound] = useState<number | null>(null);
  const here = target !== null && messages.some(({ seq }) => seq === target.seq);
  useEffect(() => {
    if (!target || !here || done.current === target) return;
    if (found !== target.seq) {
      // Its piece is drawn with the next turn, wherever it is.
      setFound(target.seq);
      return;
    }
    done.current = target;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-seq="${target.seq}"]`);
    element?.scrollIntoView({ block: 'center' });
    element?.focus({ preventScroll: true });
  }, [target, here, found, scroller]);
  return found;
}

/** Reading begins where it was left, where that is above what the window shows. */
function useBegin(scroller: RefObject<HTMLElement | null>, unreadFrom: number | null): void {
  const begun = useRef(false);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (begun.current || !element) return;
    begun.current = true;
    const line = unreadFrom === null ? null : element.querySelector(`[data-seq="${unreadFrom}"]`);
    if (line && line.getBoundingClientRect().top < element.getBoundingClientRect().top) line.scrollIntoView({ block: 'start' });
  }, [scroller, unreadFrom]);
}

/** Tells what was seen: the newest is in sight of a page that somebody looks at. */
function useSeen(atFoot: boolean): void {
  const { view } = useConversing();
  const [looking, setLooking] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    const look = (): void => setLooking(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  const last = view.span.messages.at(-1)?.seq ?? 0;
  const seen = atFoot && looking && view.past === null && last > 0;
  const { acts } = view;
  useEffect(() => {
    if (seen) acts.seen(last);
  }, [seen, last, acts]);
}

/** What lies before: fetched as one scrolls there, or by a tap. */
function Older({ root, first }: { root: RefObject<HTMLElement | null>; first: number }) {
  const { t } = useTranslation();
  const { view } = useConversing();
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!place.current) return;
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      root: root.current,
      rootMargin: '400px 0px',
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [root]);
  const { older, acts } = view;
  // Also after a page has come: the next may be in reach already.
  useEffect(() => {
    if (near && older === 'more') acts.older();
  }, [near, older, acts, first]);
  return (
    <div ref={place} className="older">
      {older === 'none' ? (
        <p className="soft">{t('chat.beginning')}</p>
      ) : (
        <>
          {older === 'failed' && <p role="alert">{t('chat.olderFailed')}</p>}
          <Button variant="default" loading={older === 'loading'} onClick={acts.older}>
            {t('chat.older')}
          </Button>
        </>
      )}
    </div>
  );
}

interface PieceProps {
  readonly piece: Piece;
  readonly root: RefObject<HTMLElement | null>;
  readonly unreadFrom: number | null;
  readonly found: number | null;
}

const PieceView = memo(function PieceView({ piece, root, unreadFrom, found }: PieceProps) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(true);
  const height = useRef(0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        if (!entry.isIntersecting) height.current = entry.boundingClientRect.height;
        setNear(entry.isIntersecting);
      },
      { root: root.current, rootMargin: `${NEAR}px 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
  const drawn = near || found !== null;
  return (
    <div ref={place} style={drawn ? undefined : { height: height.current }}>
      {drawn && (
        <ol className="says">
          {piece.messages.map((message, index) => (
            <Item
              key={message.id}
              message={message}
              before={piece.messages[index - 1] ?? piece.before}
              unreadFrom={unreadFrom}
              found={found === message.seq}
            />
          ))}
        </ol>
      )}
    </div>
  );
});

interface ItemProps {
  readonly message: Message;
  readonly before: Message | null;
  readonly unreadFrom: number | null;
  readonly found: boolean;
}

function Item({ message, before, unreadFrom, found }: ItemProps) {
  const { t } = useTranslation();
  const { now } = useConversing();
  const newDay = before === null || dayOf(before.at) !== dayOf(message.at);
  const joined = !newDay && before.sender === message.sender && Date.parse(message.at) - Date.parse(before.at) < JOINED_MS;
  return (
    <li data-seq={message.seq} tabIndex={-1} className={[joined ? 'joined' : '', found ? 'found' : ''].join(' ').trim() || undefined}>
      {newDay && <h3 className="day">{dayWords(t, Date.parse(message.at), now)}</h3>}
      {unreadFrom === message.seq && <p className="unread-line">{t('chat.newFrom')}</p>}
      {isHouse(message) ? <Card message={message} /> : <Bubble message={message} joined={joined} />}
    </li>
  );
}
