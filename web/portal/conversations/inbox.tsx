/** The lists of the desk: one's own conversations, those that nobody answers, who waits, who waits too long. */
import { type RefObject, useEffect } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { type DeskItem, type DeskList, deskList } from '../../../worker/protocol/http/desk.ts';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import { Button } from '../../ui/button.tsx';
import { languageWords } from '../../ui/format.ts';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useStill } from '../../ui/still/still.ts';
import { useNow } from '../../ui/use-store.ts';
import { Caps } from '../keys/keys.tsx';
import { useDesk } from './queries.ts';
import { WaitWords } from './wait-words.tsx';

export interface InboxProps {
  readonly list: DeskList;
  readonly onList: (list: DeskList) => void;
  readonly open: readonly ChatId[];
  readonly onOpen: (item: DeskItem) => void;
  readonly onTake: (item: DeskItem) => void;
  /** The conversation that is being taken now. */
  readonly taking: ChatId | null;
  readonly place: RefObject<HTMLElement | null>;
}

export function Inbox({ list, onList, open, onOpen, onTake, taking, place }: InboxProps) {
  const { t } = useTranslation();
  const desk = useDesk(list);
  const now = useNow(1_000);
  const data = desk.data;
  // By the server's clock, which decides what is overdue.
  const serverNow = data ? now + (Date.parse(data.now) - desk.dataUpdatedAt) : now;
  const still = useStill(data?.items ?? [], ({ chatId }) => chatId, `${list}${desk.isPlaceholderData}`);
  const letIn = (detail: number): void => {
    flushSync(still.letIn);
    // Pressed by the keyboard: who stood on the button goes on with the rows it brought.
    if (detail === 0) place.current?.querySelector<HTMLElement>('[data-row]')?.focus();
  };
  return (
    <section className="inbox" ref={place} aria-label={t('talks.inbox')} {...still.hold}>
      <div className="inbox-head">
        <h1>{t('talks.title')}</h1>
        <fieldset className="lists">
          <legend className="unseen">{t('talks.lists')}</legend>
          {deskList.options.map((each) => {
            const count = data?.counts[each];
            return (
              <button
                key={each}
                type="button"
                className={each === 'overdue' && count ? 'list-name late' : 'list-name'}
                aria-pressed={each === list}
                onClick={() => onList(each)}
              >
                <span>{t(`talks.list.${each}`)}</span>
                <span className="count">{count ?? '…'}</span>
              </button>
            );
          })}
        </fieldset>
      </div>
      {desk.isError && <ProblemNote error={desk.error} onRetry={() => void desk.refetch()} />}
      <div className="inbox-rows">
        {still.fresh > 0 && (
          <Button size="md" fullWidth onClick={({ detail }) => letIn(detail)}>
            {t('talks.fresh', { count: still.fresh })}
          </Button>
        )}
        {desk.isPending && <Waiting />}
        {data && still.rows.length === 0 && (
          <div className="inbox-empty">
            <p>
              <strong>{t(`talks.empty.${list}`)}</strong>
            </p>
            <p className="soft">{t('talks.emptyLead')}</p>
          </div>
        )}
        <ul className="talk-rows" aria-label={t(`talks.list.${list}`)}>
          {still.rows.map(({ item, gone }) => (
            <li key={item.chatId} className={gone ? 'gone' : undefined}>
              <Row
                item={item}
                gone={gone}
                now={serverNow}
                isOpen={open.includes(item.chatId)}
                taking={taking === item.chatId}
                onOpen={() => onOpen(item)}
                onTake={() => onTake(item)}
              />
            </li>
          ))}
        </ul>
        {data?.nextCursor && <p className="soft">{t('talks.more', { count: data.items.length })}</p>}
      </div>
    </section>
  );
}

interface RowProps {
  readonly item: DeskItem;
  readonly gone: boolean;
  readonly now: number;
  readonly isOpen: boolean;
  readonly taking: boolean;
  readonly onOpen: () => void;
  readonly onTake: () => void;
}

function Row({ item, gone, now, isOpen, taking, onOpen, onTake }: RowProps) {
  const { t } = useTranslation();
  const { member, companion, assignee } = item;
  const nobody = assignee === null;
  return (
    <>
      <button type="button" className="talk-row" data-row={item.chatId} aria-current={isOpen || undefined} onClick={onOpen}>
        <Portrait name="" seed={member.portrait ?? member.displayName} size={44} />
        <span className="grow">
          <strong className="talk-name">{member.displayName}</strong>
          {gone ? <span className="soft">{t('talks.goneFromList')}</span> : <WaitWords item={item} now={now} />}
          {nobody && (
            <span className="soft">
              {t('talks.usually', { name: companion.displayName })}
              {member.languages.length > 0 && ` · ${languageWords(member.languages)}`}
            </span>
          )}
          {assignee && assignee.id !== companion.id && <span className="soft">{t('talks.standIn', { name: companion.displayName })}</span>}
        </span>
      </button>
      {nobody && !gone && (
        <Button size="md" variant="light" loading={taking} onClick={onTake} aria-label={t('talks.takeWho', { name: member.displayName })}>
          {t('talks.take')}
          <Caps id="take" />
        </Button>
      )}
    </>
  );
}

/** Moves the focus among the rows of the inbox: to the next, the one before or (0) the same, from the one that had it last. */
export function useRowFocus(place: RefObject<HTMLElement | null>) {
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const keep = (event: FocusEvent): void => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
      if (row) element.dataset.at = row.dataset.row ?? '';
    };
    element.addEventListener('focusin', keep);
    return () => element.removeEventListener('focusin', keep);
  });
  return (by: 1 | -1 | 0): void => {
    const rows = [...(place.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = rows.findIndex((row) => row.dataset.row === place.current?.dataset.at);
    const next = at < 0 ? (by === -1 ? rows.length - 1 : 0) : at + by;
    rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus();
  };
}
