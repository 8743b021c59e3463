/** Writing: words, a photo, a voice note. What was begun is kept; Enter sends where there is a real keyboard. */
import { Textarea } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_TEXT } from '../../../worker/protocol/chat/message.ts';
import type { Unit } from '../../../worker/protocol/money.ts';
import type { Drafts } from '../../client/chat/drafts.ts';
import type { Draft } from '../../client/chat/letters.ts';
import type { Answerable, Editable } from '../../client/chat/permitted.ts';
import type { OpenRoom } from '../../client/chat/view.ts';
import { Button } from '../button.tsx';
import { Icon } from '../call/icons.tsx';
import { amountWords } from '../format.ts';
import { type AddCoins, useConversing } from './context.ts';
import { ChatIcon } from './icons.tsx';
import { messageWords, senderWords } from './said.ts';

const Attach = lazy(() => import('./attach.tsx').then(({ Attach }) => ({ default: Attach })));
const VoiceRecorder = lazy(() => import('./voice-recorder.tsx').then(({ VoiceRecorder }) => ({ default: VoiceRecorder })));

/** What is being written, for something that helps with it. */
export interface Field {
  /** Null for a moment at first. */
  readonly element: HTMLTextAreaElement | null;
  readonly text: string;
  /** @param caret where it stands then */
  write(text: string, caret: number): void;
}

export interface ComposerProps {
  readonly view: OpenRoom;
  readonly drafts: Drafts;
  /** What was begun on another device. */
  readonly begun: string;
  readonly replying: Answerable | null;
  readonly editing: Editable | null;
  /** Neither replying nor editing any more. */
  readonly onPlain: () => void;
  /** Below the buttons: what an app offers beside writing. */
  readonly children?: ReactNode;
  /** Above the field: help with what is being written. */
  readonly assist?: ((field: Field) => ReactNode) | undefined;
}

/** The field's id in the page, so that a shortcut finds it. */
export const composerId = (chatId: string): string => `write-${chatId}`;

export function Composer({ view, drafts, begun, replying, editing, onPlain, children, assist }: ComposerProps) {
  const { t } = useTranslation();
  const { chatId, me, peer, addCoins } = useConversing();
  const [text, setText] = useState(() => drafts.of(chatId) ?? begun);
  const [changed, setChanged] = useState('');
  const [open, setOpen] = useState<'attach' | 'voice' | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [element, setElement] = useState<HTMLTextAreaElement | null>(null);
  const caret = useRef<number | null>(null);
  const value = editing ? changed : text;

  useEffect(() => {
    if (editing) setChanged(editing.body.text);
    if (editing || replying) field.current?.focus();
  }, [editing, replying]);

  useLayoutEffect(() => {
    if (caret.current !== null) field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  function write(words: string): void {
    if (editing) {
      setChanged(words);
      return;
    }
    setText(words);
    drafts.write(chatId, words);
    if (words !== '') view.acts.typing();
  }

  function send(): void {
    const words = value.trim();
    if (words === '') return;
    if (editing) {
      if (words !== editing.body.text) view.acts.edit(editing, words);
    } else {
      view.acts.send({ kind: 'text', text: words }, replying ? { replyTo: replying } : {});
      setText('');
      drafts.write(chatId, '');
    }
    onPlain();
    field.current?.focus();
  }

  const sendFile = (draft: Draft, bytes: Blob): void => {
    view.acts.send(draft, { bytes, ...(replying ? { replyTo: replying } : {}) });
    onPlain();
  };
  const close = (): void => setOpen(null);

  if (open)
    return (
      <div className="composer">
        <Suspense fallback={null}>
          {open === 'attach' ? <Attach onSend={sendFile} onClose={close} /> : <VoiceRecorder onSend={sendFile} onClose={close} />}
        </Suspense>
      </div>
    );
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {(editing || replying) && (
        <div className="composing">
          <p>
            <strong>
              {editing
                ? t('chat.changing')
                : replying &&
                  (replying.sender === me ? t('chat.replyToYou') : t('chat.replyTo', { name: senderWords(t, replying.sender, me, peer) }))}
            </strong>
            {replying && !editing && <span className="composing-words">{messageWords(t, replying)}</span>}
          </p>
          <Button variant="default" onClick={onPlain}>
            {t('cancel')}
          </Button>
        </div>
      )}
      {assist?.({
        element,
        text: value,
        write: (words, at) => {
          caret.current = at;
          write(words);
        },
      })}
      <Textarea
        id={composerId(chatId)}
        ref={(drawn) => {
          field.current = drawn;
          setElement(drawn);
        }}
        aria-label={t('chat.write')}
        placeholder={t('chat.writeHere')}
        value={value}
        onChange={({ currentTarget }) => write(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && (editing || replying)) {
            event.stopPropagation();
            onPlain();
          }
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || !matchMedia('(pointer: fine)').matches) return;
          event.preventDefault();
          send();
        }}
        maxLength={MAX_TEXT}
        rows={Math.min(6, Math.max(1, value.split('\n').length + Math.floor(value.length / 60)))}
      />
      {view.price && !editing && <PriceNote price={view.price} addCoins={addCoins} />}
      <div className="composer-acts">
        {!editing && (
          <>
            <button type="button" onClick={() => setOpen('attach')}>
              <ChatIcon name="add" />
              {t('chat.add')}
            </button>
            <button type="button" onClick={() => setOpen('voice')}>
              <Icon name="mic" size={24} />
              {t('chat.voice')}
            </button>
          </>
        )}
        <button type="submit" className="composer-send" disabled={value.trim() === ''}>
          <ChatIcon name={editing ? 'pen' : 'send'} />
          {t(editing ? 'chat.saveChange' : 'chat.send')}
        </button>
        {children}
      </div>
    </form>
  );
}

function PriceNote({ price, addCoins }: { price: NonNullable<OpenRoom['price']>; addCoins: AddCoins | null }) {
  const { t } = useTranslation();
  const amount = amountWords(t, { unit: price.unit as Unit, amount: price.amount });
  return (
    <p className="composer-price">
      {price.freeLeft > 0 ? t('chat.free', { count: price.freeLeft, amount }) : t('chat.price', { amount })}{' '}
      {addCoins && (
        <button type="button" className="link" onClick={addCoins.act}>
          {addCoins.words}
        </button>
      )}
    </p>
  );
}
