/** One message of a person: what it says, how far it has come, and what can be done with it. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import { type Answerable, mayAnswer, mayEdit, mayRemove } from '../../client/chat/permitted.ts';
import { messageOf } from '../../client/chat/span.ts';
import type { LetterView } from '../../client/chat/view.ts';
import { Button } from '../button.tsx';
import { Icon } from '../call/icons.tsx';
import { amountWords, timeWords } from '../format.ts';
import { type Conversing, useConversing } from './context.ts';
import { ChatIcon } from './icons.tsx';
import { MediaBody } from './media.tsx';
import { ReactionChooser, Reactions } from './reactions.tsx';
import { draftWords, messageWords, reachWords, refusedWords, senderWords } from './said.ts';

/** @param joined true where the message before is the same person's, some minutes ago at most */
export function Bubble({ message, joined }: { message: Message; joined: boolean }) {
  const { t } = useTranslation();
  const conversing = useConversing();
  const { me, peer, opened, onOpened } = conversing;
  const own = message.sender === me;
  const open = opened === message.id;
  const colleague = message.sender !== null && !own && message.sender !== peer.id;
  return (
    <div className={own ? 'said mine' : 'said'}>
      <span className={joined || own || !colleague ? 'unseen' : 'soft'}>{senderWords(t, message.sender, me, peer)}:</span>
      <div className="bubble" data-open={open}>
        <Quote message={message} />
        <Body message={message} />
      </div>
      <Reactions message={message} me={me} name={peer.displayName} />
      <div className="said-foot">
        <Foot message={message} />
        {mayAnswer(message) && (
          <button
            type="button"
            className="said-more"
            aria-expanded={open}
            aria-label={t('chat.moreAbout')}
            onClick={() => onOpened(open ? null : message.id)}
          >
            <ChatIcon name="more" size={22} />
            {t('chat.more')}
          </button>
        )}
      </div>
      <Leaving message={message} />
      {open && mayAnswer(message) && <Actions message={message} />}
    </div>
  );
}

function Body({ message }: { message: Message }) {
  const { t } = useTranslation();
  if (message.body === null) return <p className="soft">{t(message.sender === null ? 'chat.deletedByHouse' : 'chat.deleted')}</p>;
  if (message.kind === 'text') return <p className="words">{message.body.text}</p>;
  if (message.kind === 'image' || message.kind === 'voice' || message.kind === 'video' || message.kind === 'file')
    return <MediaBody message={message} />;
  return null;
}

/** What the message answers, with the way there. */
function Quote({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { view, me, peer, onJump } = useConversing();
  if (message.replyTo === null || message.body === null) return null;
  const answered = messageOf(view.past ?? view.span, message.replyTo) ?? messageOf(view.span, message.replyTo);
  if (!answered) return null;
  const name = senderWords(t, answered.sender, me, peer);
  return (
    <button
      type="button"
      className="quote"
      onClick={() => onJump(answered.seq)}
      title={t('chat.toMessage')}
      aria-label={t('chat.replied', { name, words: messageWords(t, answered) })}
    >
      <strong>{name}</strong>
      <span>{messageWords(t, answered)}</span>
    </button>
  );
}

function Foot({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { view, me, isFavourite } = useConversing();
  const saving = view.wishes.some(({ messageId, what }) => messageId === message.id && what.type === 'edit');
  const parts = [
    timeWords(message.at),
    message.automatic && t('chat.automatic'),
    saving ? t('chat.state.saving') : message.editedAt !== null && message.deletedAt === null && t('chat.edited'),
    message.price && message.price.amount > 0 && t('chat.cost', { amount: amountWords(t, message.price) }),
    message.sender === me && message.deletedAt === null && reachWords(t, message, view.span, me),
    isFavourite(message.id) && `★ ${t('chat.favourite')}`,
  ].filter((part) => typeof part === 'string');
  return <span className="said-state">{parts.join(' · ')}</span>;
}

/** About to be deleted: said where it stands, with the way back. */
function Leaving({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { view } = useConversing();
  const leaving = view.wishes.some(({ messageId, what }) => messageId === message.id && what.type === 'delete');
  if (!leaving || view.status !== 'open') return null;
  return (
    <div className="note warn" role="status">
      <p className="note-text">{t('chat.deleting')}</p>
      <Button onClick={() => view.acts.keep(message)}>{t('chat.undo')}</Button>
    </div>
  );
}

function Actions({ message }: { message: Answerable }) {
  const { t } = useTranslation();
  const conversing = useConversing();
  const { view, me, now, onOpened, onReply, onEdit, onReport, isFavourite, onFavourite } = conversing;
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const favourite = isFavourite(message.id);
  const done = (work: () => void) => (): void => {
    work();
    onOpened(null);
  };
  return (
    <div className="said-acts" ref={panel}>
      {view.status === 'open' && (
        <ReactionChooser
          mine={mineOf(message, conversing)}
          onChoose={(emoji) => {
            view.acts.react(message, emoji);
            onOpened(null);
          }}
        />
      )}
      <div className="acts">
        {view.status === 'open' && (
          <button type="button" onClick={done(() => onReply(message))}>
            <ChatIcon name="reply" />
            {t('chat.reply')}
          </button>
        )}
        <button type="button" aria-pressed={favourite} onClick={done(() => onFavourite(message.id, !favourite))}>
          <Icon name="star" size={24} />
          {t(favourite ? 'chat.unkeep' : 'chat.keep')}
        </button>
        {view.status === 'open' && mayEdit(message, me, now, view.windows) && (
          <button type="button" onClick={done(() => onEdit(message))}>
            <ChatIcon name="pen" />
            {t('chat.change')}
          </button>
        )}
        {view.status === 'open' && mayRemove(message, me, now, view.windows) && (
          <button type="button" onClick={done(() => view.acts.remove(message))}>
            <ChatIcon name="bin" />
            {t('chat.delete')}
          </button>
        )}
        {message.sender !== me && (
          <button type="button" className="warn" onClick={done(() => onReport(message))}>
            <ChatIcon name="flag" />
            {t('chat.report')}
          </button>
        )}
      </div>
    </div>
  );
}

const mineOf = (message: Message, { me }: Conversing): string | null =>
  message.reactions.find(({ userId }) => userId === me)?.emoji ?? null;

/** Something written that is not stored yet: where it is, and what to do where it was refused. */
export function LetterBubble({ letter }: { letter: LetterView }) {
  const { t } = useTranslation();
  const { view, addCoins } = useConversing();
  const { state, clientId, draft } = letter;
  const needsCoins = letter.refused === 'insufficient_funds';
  const words =
    state === 'uploading'
      ? t('chat.state.uploading', { part: Math.round((letter.progress ?? 0) * 100) })
      : t(`chat.state.${state === 'sent' ? 'sending' : state}`);
  return (
    <div className="said mine unsent" data-state={state}>
      <span className="unseen">{t('chat.you')}:</span>
      <div className="bubble">
        <p className="words">{draftWords(t, draft)}</p>
        {state === 'uploading' && <progress max={1} value={letter.progress ?? 0} aria-label={words} />}
      </div>
      <div className="said-foot">
        <span className="said-state">
          {timeWords(new Date(letter.writtenAt).toISOString())} · {words}
        </span>
      </div>
      {letter.refused !== null && (
        <div className="note bad" role="alert">
          <p className="note-text">{refusedWords(t, letter.refused)}</p>
          {needsCoins && addCoins && <Button onClick={addCoins.act}>{addCoins.words}</Button>}
          {view.status === 'open' && letter.refused !== 'lost' && (
            <Button variant={needsCoins ? 'default' : 'filled'} onClick={() => view.acts.again(clientId)}>
              {t('chat.again')}
            </Button>
          )}
          <Button variant="default" onClick={() => view.acts.discard(clientId)}>
            {t('chat.takeAway')}
          </Button>
        </div>
      )}
    </div>
  );
}
