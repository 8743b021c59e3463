/**
 * A whole conversation: what an app puts above it, the messages, and where one writes. It fills the box it stands in, so
 * that a desk can put several side by side.
 */
import './chat.css';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallMedia } from '../../../worker/protocol/call/call.ts';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { Chat } from '../../../worker/protocol/http/chats.ts';
import type { MessageId } from '../../../worker/protocol/ids.ts';
import type { Chats } from '../../client/chat/chats.ts';
import type { Answerable, Editable } from '../../client/chat/permitted.ts';
import type { Room } from '../../client/chat/room.ts';
import type { ClosedRoom, OpenRoom } from '../../client/chat/view.ts';
import { Button } from '../button.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { Empty, Skeleton } from '../states.tsx';
import { useNow, useStore } from '../use-store.ts';
import { Composer, type Field } from './composer.tsx';
import { type AddCoins, ConversationContext, type Conversing } from './context.ts';
import { useFavourites } from './favourites.ts';
import { Report } from './report.tsx';
import { listWhen, refusedWords, senderWords } from './said.ts';
import { SearchIn } from './search.tsx';
import { Timeline } from './timeline.tsx';
import { useRoom } from './use-chats.ts';

/** What an app's own head may ask for, once there is something to search and to report. */
export interface HeadActs {
  readonly search: () => void;
  readonly report: () => void;
}

export interface ConversationProps {
  readonly chats: Chats;
  readonly chat: Chat;
  /** Above the messages: who it is, the way back. */
  readonly head: (acts: HeadActs | null) => ReactNode;
  /** Goes there; a new object goes there again. */
  readonly target?: { readonly seq: number } | null;
  readonly onCall?: (media: CallMedia) => void;
  readonly addCoins?: AddCoins;
  /** Shown once a report was sent: what else can be done. */
  readonly afterReport?: ReactNode;
  /** Beside the send button. */
  readonly beside?: ReactNode;
  /** Above the field: help with what is being written. */
  readonly assist?: (field: Field) => ReactNode;
}

export function Conversation(props: ConversationProps) {
  const room = useRoom(props.chats, props.chat.id);
  return room ? <Looked {...props} room={room} /> : <Skeleton />;
}

function Looked({ room, ...props }: ConversationProps & { room: Room }) {
  const { t } = useTranslation();
  const view = useStore(room.view);
  if (view.status === 'gone')
    return (
      <div className="conversation">
        {props.head(null)}
        <Empty title={t('chat.gone')} picture="cup">
          <p>{t('chat.goneLead')}</p>
        </Empty>
      </div>
    );
  if (view.status === 'opening')
    return (
      <div className="conversation">
        {props.head(null)}
        <Skeleton />
      </div>
    );
  return <Opened {...props} view={view} />;
}

function Opened(props: ConversationProps & { view: OpenRoom | ClosedRoom }) {
  const { chats, chat, head, target = null, onCall, addCoins, afterReport, beside, assist, view } = props;
  const { app, me } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const [opened, setOpened] = useState<MessageId | null>(null);
  const [replying, setReplying] = useState<Answerable | null>(null);
  const [editing, setEditing] = useState<Editable | null>(null);
  const [reporting, setReporting] = useState<{ message: Message | null } | null>(null);
  const [searching, setSearching] = useState(false);
  const [going, setGoing] = useState(target);
  const [error, setError] = useState<unknown>(null);
  const { isFavourite, mark } = useFavourites(chat.id, setError);
  const { acts } = view;

  const jump = useRef(acts.jump);
  jump.current = acts.jump;
  useEffect(() => setGoing(target), [target]);
  useEffect(() => {
    if (going) void jump.current(going.seq);
  }, [going]);

  // Where reading begins, as it was when the conversation was opened.
  const [began] = useState({ readSeq: chat.readSeq, unread: chat.unread });
  const unreadFrom = useMemo(
    () =>
      began.unread === 0 ? null : (view.span.messages.find(({ seq, sender }) => seq > began.readSeq && sender !== me.id)?.seq ?? null),
    [began, view.span.messages, me.id],
  );

  const conversing: Conversing = {
    chatId: chat.id,
    app,
    me: me.id,
    peer: chat.peer,
    view,
    now,
    opened,
    onOpened: setOpened,
    onReply: (message) => {
      setEditing(null);
      setReplying(message);
    },
    onEdit: (message) => {
      setReplying(null);
      setEditing(message);
    },
    onReport: (message) => setReporting({ message }),
    onJump: (seq) => setGoing({ seq }),
    onCall: view.status === 'open' && onCall ? onCall : null,
    addCoins: addCoins ?? null,
    isFavourite,
    onFavourite: mark,
  };
  const plain = (): void => {
    setReplying(null);
    setEditing(null);
  };
  return (
    <ConversationContext.Provider value={conversing}>
      <div className="conversation">
        {head({ search: () => setSearching((on) => !on), report: () => setReporting({ message: null }) })}
        {searching && (
          <SearchIn
            chatId={chat.id}
            head={(message) => (
              <span className="soft">
                {senderWords(t, message.sender, me.id, chat.peer)}, {listWhen(t, message.at, now)}
              </span>
            )}
            onFound={(seq) => {
              setSearching(false);
              setGoing({ seq });
            }}
            onClose={() => setSearching(false)}
          />
        )}
        {!searching && <Timeline unreadFrom={unreadFrom} target={going} />}
        <div className="conversation-notes">
          {view.link === 'away' && (
            <p className="note warn" role="status">
              {t('chat.away')}
            </p>
          )}
          {view.link === 'catching_up' && (
            <p className="note" role="status">
              {t('chat.catchingUp')}
            </p>
          )}
          {view.refusal && (
            <div className="note bad" role="alert">
              <p className="note-text">{refusedWords(t, view.refusal.code)}</p>
              <Button variant="default" onClick={acts.noted}>
                {t('close')}
              </Button>
            </div>
          )}
          {error !== null && <ProblemNote error={error} onRetry={() => setError(null)} />}
          {view.status === 'closed' && <p className="note">{t(`chat.closed.${view.why}`)}</p>}
        </div>
        {view.status === 'open' && !searching && (
          <Composer
            key={chat.id}
            view={view}
            drafts={chats.drafts}
            begun={chat.draft}
            replying={replying}
            editing={editing}
            onPlain={plain}
            assist={assist}
          >
            {beside}
          </Composer>
        )}
        {reporting && (
          <Report chatId={chat.id} name={chat.peer.displayName} message={reporting.message} onClose={() => setReporting(null)}>
            {afterReport}
          </Report>
        )}
      </div>
    </ConversationContext.Provider>
  );
}
