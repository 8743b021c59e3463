/** One conversation at the desk: whose it is, how long they wait, what was said, and where one answers. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskItem, readDeskConversation } from '../../../worker/protocol/http/desk.ts';
import type { AnswerOf } from '../../../worker/protocol/http/endpoint.ts';
import type { ChatId, UserId } from '../../../worker/protocol/ids.ts';
import { isProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Conversation } from '../../ui/chat/conversation.tsx';
import { useChats } from '../../ui/chat/use-chats.ts';
import { languageWords, whenWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useNow } from '../../ui/use-store.ts';
import { ageWords } from '../call/known.tsx';
import { Caps } from '../keys/keys.tsx';
import type { ShortcutId } from '../keys/registry.ts';
import { useKnown } from '../queries.ts';
import { useChat, useDeskConversation } from './queries.ts';
import { SlashReplies } from './slash.tsx';
import { WaitWords } from './wait-words.tsx';

export const paneId = (chatId: ChatId): string => `pane-${chatId}`;

export interface PaneProps {
  readonly chatId: ChatId;
  /** 1: the leftmost. */
  readonly place: number;
  readonly focused: boolean;
  /** True where it is the only one on the screen. */
  readonly alone: boolean;
  readonly taking: boolean;
  readonly onFocus: () => void;
  readonly onBack: () => void;
  readonly onClose: () => void;
  readonly onTake: (item: DeskItem) => void;
  readonly onTransfer: (item: DeskItem) => void;
  /** Shows the card where it does not stand beside; null where it does. */
  readonly onCard: (() => void) | null;
  readonly onReplies: () => void;
}

const paneKeys: readonly ShortcutId[] = ['pane1', 'pane2', 'pane3', 'pane4'];

export function Pane(props: PaneProps) {
  const { chatId, focused, place, alone, onFocus, onBack, onClose } = props;
  const { t } = useTranslation();
  const one = useDeskConversation(chatId);
  const frame = useRef<HTMLElement>(null);
  const name = one.data?.item.member.displayName ?? '…';
  useEffect(() => {
    if (focused && !frame.current?.contains(document.activeElement)) frame.current?.focus({ preventScroll: true });
  }, [focused]);
  const key = paneKeys[place - 1];
  return (
    <section
      id={paneId(chatId)}
      ref={frame}
      className={focused ? 'pane focused' : 'pane'}
      tabIndex={-1}
      aria-label={t('talks.pane', { name, place })}
      onFocus={onFocus}
    >
      <header className="pane-head">
        {alone && (
          <Button size="md" variant="default" onClick={onBack}>
            {t('talks.back')}
          </Button>
        )}
        <div className="grow">
          <h2>
            {!alone && key && <Caps id={key} />} {name}
          </h2>
          {one.data && <Wait item={one.data.item} asOf={one.dataUpdatedAt} />}
        </div>
        {!alone && (
          <button type="button" className="pane-close" onClick={onClose} aria-label={t('talks.closeWho', { name })}>
            {t('close')}
          </button>
        )}
      </header>
      {one.isPending && <Waiting />}
      {one.isError && !one.data && (
        <ProblemNote error={one.error} {...(isProblem(one.error, 'not_found') ? {} : { onRetry: () => void one.refetch() })} />
      )}
      {one.data && <Body {...props} conversation={one.data} />}
    </section>
  );
}

function Wait({ item, asOf }: { item: DeskItem; asOf: number }) {
  const now = useNow(1_000);
  // Answered here, it waits no more; the server says so with the next reading.
  return <WaitWords item={item} now={Math.max(now, asOf)} />;
}

type BodyProps = PaneProps & { conversation: AnswerOf<typeof readDeskConversation> };

function Body(props: BodyProps) {
  const { conversation, taking, onTake } = props;
  const { t } = useTranslation();
  const { live } = useSession();
  const { item, moves } = conversation;
  const { member, companion, assignee } = item;
  if (assignee?.id === live.me.id) return <Answering {...props} />;
  const note = moves[0]?.note;
  return (
    <div className="pane-else">
      {assignee === null ? (
        <>
          <h3>{t('talks.nobody', { name: member.displayName })}</h3>
          <p>{t('talks.nobodyLead', { name: companion.displayName })}</p>
          {note && <p className="words handed-note">{t('talks.quote', { words: note })}</p>}
          <Button size="lg" loading={taking} onClick={() => onTake(item)}>
            {t('talks.take')}
            <Caps id="take" />
          </Button>
        </>
      ) : (
        <>
          <h3>{t('talks.elsewhere', { name: assignee.displayName })}</h3>
          <p>{t('talks.elsewhereLead')}</p>
        </>
      )}
    </div>
  );
}

/** What one answers oneself. */
function Answering(props: BodyProps) {
  const { chatId, conversation, onTransfer, onCard, onReplies } = props;
  const { t } = useTranslation();
  const chats = useChats();
  const chat = useChat(chatId, true);
  const { item, moves } = conversation;
  const { member } = item;
  if (chat.isPending) return <Waiting />;
  if (chat.isError) return <ProblemNote error={chat.error} onRetry={() => void chat.refetch()} />;
  const latest = moves[0];
  const handed = latest?.kind === 'transferred' && latest.note && item.waiting ? latest : null;
  const acts: ReactNode = (
    <div className="pane-acts">
      <Button size="md" variant="default" onClick={() => onTransfer(item)}>
        {t('talks.transfer.open')}
        <Caps id="transfer" />
      </Button>
      {onCard && (
        <Button size="md" variant="default" onClick={onCard}>
          {t('talks.cardOpen')}
          <Caps id="card" />
        </Button>
      )}
    </div>
  );
  return (
    <Conversation
      chats={chats}
      chat={chat.data.chat}
      head={() => (
        <div className="pane-top">
          <Summary memberId={member.id} />
          {acts}
          {handed && (
            <div className="note handed-note">
              <p className="note-text">
                <strong>{t('talks.handedBy', { name: handed.from?.displayName ?? '' })}</strong> {whenWords(handed.at, Date.now())}
                <span className="words">{t('talks.quote', { words: handed.note })}</span>
              </p>
            </div>
          )}
        </div>
      )}
      assist={(field) => <SlashReplies field={field} name={member.displayName} languages={member.languages} />}
      beside={
        <Button size="md" variant="default" className="ready" onClick={onReplies}>
          {t('talks.replies.open')}
        </Button>
      }
    />
  );
}

/** The card in a line, pinned above the words. */
function Summary({ memberId }: { memberId: UserId }) {
  const { t } = useTranslation();
  const person = useKnown(memberId).data?.person.person;
  const parts = person
    ? [
        person.pronunciation && t('talks.said', { how: person.pronunciation }),
        ageWords(t, person.ageBand),
        person.languages.length > 0 && languageWords(person.languages),
      ].filter((part) => typeof part === 'string' && part !== '')
    : [];
  return <p className="pane-summary soft">{parts.join(' · ') || ' '}</p>;
}
