/** Replies that are ready, offered while one writes a `/` and a word: chosen by arrows and Enter, seen whole before that. */
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '../../ui/chat/composer.tsx';
import { languageWords } from '../../ui/format.ts';
import { useReplies } from './queries.ts';
import { filled, repliesFor, slashAt, withReply } from './reply-words.ts';

const MOST = 8;

/** @param field what is being written in, handed over by the composer */
export function SlashReplies({ field, name, languages }: { field: Field; name: string; languages: readonly string[] }) {
  const { t } = useTranslation();
  const id = useId();
  const replies = useReplies().data?.items;
  const { element, text, write } = field;
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  /** The text for which the list was sent away. */
  const [dismissed, setDismissed] = useState<string | null>(null);
  const slash = slashAt(text, Math.min(caret, text.length));
  const offered = slash && replies && dismissed !== text ? repliesFor(replies, slash.typed, languages).slice(0, MOST) : [];
  const index = Math.min(at, offered.length - 1);
  const active = offered[index];

  const choose = (which = active): void => {
    if (!slash || !which) return;
    const next = withReply(text, caret, slash, filled(which.text, name));
    write(next.text, next.caret);
    setCaret(next.caret);
    setAt(0);
  };
  const press = (event: KeyboardEvent): void => {
    if (!active || event.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt((index + step + offered.length) % offered.length);
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') choose();
    else if (event.key === 'Escape') setDismissed(text);
    else return;
    // Taken before the composer, which would send, and before the desk, which would go back.
    event.preventDefault();
    event.stopPropagation();
  };
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    if (!element) return;
    const down = (event: KeyboardEvent): void => latest.current(event);
    const look = (): void => setCaret(element.selectionStart ?? 0);
    element.addEventListener('keydown', down);
    for (const type of ['input', 'keyup', 'click', 'select'] as const) element.addEventListener(type, look);
    return () => {
      element.removeEventListener('keydown', down);
      for (const type of ['input', 'keyup', 'click', 'select'] as const) element.removeEventListener(type, look);
    };
  }, [element]);
  const open = active !== undefined;
  useEffect(() => {
    if (!element) return;
    element.setAttribute('aria-autocomplete', 'list');
    if (open) {
      element.setAttribute('aria-controls', `${id}-list`);
      element.setAttribute('aria-activedescendant', `${id}-${index}`);
    } else {
      element.removeAttribute('aria-controls');
      element.removeAttribute('aria-activedescendant');
    }
  }, [element, open, id, index]);
  const none = slash !== null && slash.typed !== '' && replies !== undefined && dismissed !== text && !active;
  return (
    <div className="slash">
      <p className="unseen" role="status">
        {open && t('talks.replies.found', { count: offered.length })}
      </p>
      {none && <p className="soft">{t('talks.replies.none', { word: slash.typed })}</p>}
      {active && (
        <div className="slash-box">
          <div id={`${id}-list`} role="listbox" aria-label={t('talks.replies.title')} className="slash-list">
            {offered.map((reply, place) => (
              // The keys stay with the text that is written; the mouse may choose here.
              // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter in the field choose
              <div
                key={reply.id}
                id={`${id}-${place}`}
                role="option"
                tabIndex={-1}
                aria-selected={place === index}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(reply)}
              >
                <strong>/{reply.word}</strong>
                <span className="soft">
                  {[reply.language && languageWords([reply.language]), t(reply.own ? 'talks.replies.own' : 'talks.replies.house')]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </div>
            ))}
          </div>
          <div className="slash-preview">
            <p className="soft">{t('talks.replies.preview')}</p>
            <p className="words">{filled(active.text, name)}</p>
          </div>
        </div>
      )}
    </div>
  );
}
