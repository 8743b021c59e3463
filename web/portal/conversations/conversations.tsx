/** The desk of conversations: the inbox, two to four conversations side by side, the card of the member; all by keyboard. */
import './conversations.css';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { type DeskItem, type DeskList, deskList, takeConversation } from '../../../worker/protocol/http/desk.ts';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import { isProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { composerId } from '../../ui/chat/composer.tsx';
import { useChats } from '../../ui/chat/use-chats.ts';
import { chatWords } from '../../ui/chat/words.ts';
import { problemWords } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useStore } from '../../ui/use-store.ts';
import { useShortcut } from '../keys/keys.tsx';
import { MemberCard } from './card.tsx';
import { Inbox, useRowFocus } from './inbox.tsx';
import { Pane, paneId } from './pane.tsx';
import { closed, focusedAt, layoutOf, opened, type Panes, panesOf, paneText } from './panes.ts';
import { useDesk, useDeskConversation, useRenewDesk } from './queries.ts';
import { Replies } from './replies.tsx';
import { Transfer } from './transfer.tsx';
import { talksWords } from './words.ts';

await Promise.all([chatWords, talksWords]);

export interface ConversationsSearch {
  readonly list?: DeskList;
  readonly open?: string;
}

interface Place {
  readonly list: DeskList;
  readonly panes: Panes;
}

const placeOf = ({ list, open }: ConversationsSearch): Place => ({ list: list ?? 'waiting', panes: panesOf(open ?? '') });

function searchOf({ list, panes }: Place): ConversationsSearch {
  const open = paneText(panes);
  return { list, ...(open === '' ? {} : { open }) };
}

/**
 * The address keeps the list and what is open, so that a reload loses no place. A change begins from the address as it is
 * when it is made: of keys that follow one another faster than the screen is drawn, each counts.
 */
function usePlace() {
  const place = placeOf(useSearch({ strict: false }));
  const go = useNavigate();
  const change = (next: (now: Place) => Place): void =>
    void go({ to: '/conversations', search: (now: ConversationsSearch) => searchOf(next(placeOf(now))), replace: true });
  return {
    ...place,
    setList: (next: (now: DeskList) => DeskList): void => change((now) => ({ ...now, list: next(now.list) })),
    setPanes: (next: (now: Panes) => Panes): void => change((now) => ({ ...now, panes: next(now.panes) })),
  };
}

export function Conversations() {
  const { api } = useSession();
  const { t } = useTranslation();
  const { list, panes, setList, setPanes } = usePlace();
  const place = useRef<HTMLElement>(null);
  const inbox = useRef<HTMLElement>(null);
  const noteField = useRef<HTMLTextAreaElement>(null);
  const width = useWidth(place);
  const layout = layoutOf(width, panes.open.length);
  const [over, setOver] = useState<'inbox' | 'card' | null>(null);
  const [transferring, setTransferring] = useState<DeskItem | null>(null);
  const [managing, setManaging] = useState(false);
  const [taking, setTaking] = useState<ChatId | null>(null);
  const [said, setSaid] = useState<{ words: string; bad: boolean } | null>(null);
  const moveRow = useRowFocus(inbox);
  const desk = useDesk(list);
  const renew = useRenewDesk();
  useRenewedByNews(renew);

  const single = layout.most === 1;
  const shownPanes = panes.open.length <= layout.most ? panes.open : panesShown(panes, layout.most);
  const inboxShown = layout.inbox === 'beside' || over === 'inbox' || panes.open.length === 0;
  const cardShown = panes.focused !== null && (layout.card === 'beside' || over === 'card');

  const open = (id: ChatId): void => {
    setSaid(null);
    setOver(null);
    setPanes((now) => opened(now, id, layout.most));
    // One that comes anew takes the focus by itself.
    document.getElementById(paneId(id))?.focus({ preventScroll: true });
  };
  /** The row that has the focus, else the conversation that has it. */
  const target = (): ChatId | null => {
    const row = inbox.current?.contains(document.activeElement)
      ? document.activeElement?.closest<HTMLElement>('li')?.querySelector<HTMLElement>('[data-row]')
      : null;
    return (row?.dataset.row as ChatId | undefined) ?? panes.focused;
  };
  const take = async (id: ChatId): Promise<void> => {
    if (taking) return;
    setTaking(id);
    setSaid(null);
    try {
      await api.call(takeConversation, { params: { id } });
      open(id);
    } catch (thrown) {
      const name = isProblem(thrown, 'taken') ? thrown.fields.find(({ path }) => path === 'assignee')?.message : undefined;
      setSaid({ words: name ? t('talks.takenBy', { name }) : problemWords(t, thrown), bad: true });
    } finally {
      setTaking(null);
      renew();
    }
  };
  const closeFocused = (): void => setPanes((now) => (now.focused ? closed(now, now.focused) : now));
  const back = (): void => {
    const active = document.activeElement;
    if (over) {
      setOver(null);
      if (panes.focused) document.getElementById(paneId(panes.focused))?.focus();
    } else if (active instanceof HTMLTextAreaElement && panes.focused) document.getElementById(paneId(panes.focused))?.focus();
    else if (single) closeFocused();
    else toInbox();
  };
  /** The focus is there when this returns: the next key, which may come at once, is meant for that row. */
  const toInbox = (by: 1 | -1 | 0 = 0): void => {
    if (!inboxShown) flushSync(() => setOver('inbox'));
    moveRow(by);
  };

  const free = transferring === null && !managing;
  const current = useFocused(panes.focused);
  useShortcut('nextChat', () => toInbox(1), free);
  useShortcut('previousChat', () => toInbox(-1), free);
  useShortcut(
    'openChat',
    () => {
      const id = target();
      if (id) open(id);
    },
    free,
  );
  useShortcut(
    'nextList',
    () => {
      const all = deskList.options;
      setList((now) => all[(all.indexOf(now) + 1) % all.length] ?? 'mine');
      if (!inboxShown) setOver('inbox');
    },
    free,
  );
  useShortcut(
    'take',
    () => {
      const id = target();
      if (id) void take(id);
    },
    free,
  );
  useShortcut(
    'reply',
    () => {
      const id = target();
      if (!id) return;
      if (!panes.open.includes(id)) open(id);
      else if (id !== panes.focused) setPanes((now) => opened(now, id, layout.most));
      whenThere(() => document.getElementById(composerId(id)));
    },
    free,
  );
  useShortcut('transfer', () => current && setTransferring(current.item), free && current !== null);
  useShortcut(
    'note',
    () => {
      if (!panes.focused) return;
      if (!cardShown) setOver('card');
      whenThere(() => noteField.current);
    },
    free,
  );
  useShortcut('card', () => setOver(over === 'card' ? null : 'card'), free && layout.card === 'over' && panes.focused !== null);
  useShortcut('closeChat', closeFocused, free);
  useShortcut('back', back, free);
  const toPane = (at: number) => (): void => {
    const id = panes.open[at];
    if (!id) return;
    setPanes((now) => focusedAt(now, at));
    // What is typed next belongs there.
    (document.getElementById(composerId(id)) ?? document.getElementById(paneId(id)))?.focus();
  };
  useShortcut('pane1', toPane(0), free && panes.open.length > 0);
  useShortcut('pane2', toPane(1), free && panes.open.length > 1);
  useShortcut('pane3', toPane(2), free && panes.open.length > 2);
  useShortcut('pane4', toPane(3), free && panes.open.length > 3);

  return (
    <main className={`talks ${single ? 'single' : 'wide'}${panes.open.length > 0 ? ' with-panes' : ''}`} id="content" ref={place}>
      <p className={said ? `note talks-said${said.bad ? ' bad' : ''}` : 'unseen'} role="status">
        {said?.words}
        {said && (
          <Button size="md" variant="default" onClick={() => setSaid(null)}>
            {t('close')}
          </Button>
        )}
      </p>
      {layout.inbox === 'over' && panes.open.length > 0 && !single && (
        <Button className="inbox-open" size="md" variant="default" onClick={() => setOver(over === 'inbox' ? null : 'inbox')}>
          {t('talks.inboxOpen', { count: desk.data ? desk.data.counts.waiting + desk.data.counts.unassigned : 0 })}
        </Button>
      )}
      <div className="talks-in">
        {inboxShown && (
          <div className={layout.inbox === 'over' && panes.open.length > 0 ? 'over inbox-over' : 'inbox-place'}>
            <Inbox
              list={list}
              onList={(each) => setList(() => each)}
              open={panes.open}
              onOpen={({ chatId }) => open(chatId)}
              onTake={({ chatId }) => void take(chatId)}
              taking={taking}
              place={inbox}
            />
          </div>
        )}
        {(!single || !inboxShown) && (
          <div className="panes">
            {panes.open.length === 0 && !single && (
              <div className="panes-none">
                <h2>{t('talks.choose')}</h2>
                <p className="soft">{t('talks.chooseLead')}</p>
              </div>
            )}
            {shownPanes.map((chatId) => (
              <Pane
                key={chatId}
                chatId={chatId}
                place={panes.open.indexOf(chatId) + 1}
                focused={panes.focused === chatId}
                alone={single}
                taking={taking === chatId}
                onFocus={() => panes.focused !== chatId && setPanes((now) => focusedAt(now, now.open.indexOf(chatId)))}
                onBack={() => setPanes((now) => closed(now, chatId))}
                onClose={() => setPanes((now) => closed(now, chatId))}
                onTake={(item) => void take(item.chatId)}
                onTransfer={setTransferring}
                onCard={layout.card === 'over' ? () => setOver(over === 'card' ? null : 'card') : null}
                onReplies={() => setManaging(true)}
              />
            ))}
          </div>
        )}
        {cardShown && current && (
          <div className={layout.card === 'over' ? 'over card-over' : 'card-place'}>
            {layout.card === 'over' && (
              <Button size="md" variant="default" onClick={() => setOver(null)}>
                {t('talks.cardClose')}
              </Button>
            )}
            <MemberCard key={current.item.member.id} conversation={current} field={noteField} />
          </div>
        )}
      </div>
      {transferring && (
        <Transfer
          item={transferring}
          onClose={() => setTransferring(null)}
          onDone={(words) => {
            setPanes((now) => closed(now, transferring.chatId));
            setTransferring(null);
            setSaid({ words, bad: false });
            renew();
          }}
        />
      )}
      {managing && <Replies onClose={() => setManaging(false)} />}
    </main>
  );
}

/** Of more than fit, those around the one with the focus. */
function panesShown({ open, focused }: Panes, most: number): readonly ChatId[] {
  const at = Math.max(0, open.indexOf(focused ?? (open[0] as ChatId)));
  const from = Math.min(Math.max(0, at - most + 1), open.length - most);
  return open.slice(from, from + most);
}

/** The conversation with the focus, as the desk has it. */
function useFocused(id: ChatId | null) {
  const one = useDeskConversation(id);
  return id === null ? null : (one.data ?? null);
}

/** What the hub tells of one's conversations changes the lists too. */
function useRenewedByNews(renew: () => void): void {
  const news = useStore(useChats().list.view);
  useEffect(renew, [news, renew]);
}

/** Gives the focus to what is there, or comes with one of the next turns. */
function whenThere(find: () => HTMLElement | null): void {
  let tries = 0;
  const look = (): void => {
    const element = find();
    tries += 1;
    if (element) element.focus();
    else if (tries < TRIES) requestAnimationFrame(look);
  };
  look();
}
/** Frames; some seconds, for a conversation that is fetched first. */
const TRIES = 240;

function useWidth(place: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(() => innerWidth);
  useEffect(() => {
    if (!place.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
