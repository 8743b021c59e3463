/** What is kept of a member: notes with their history, what to come back to, and a summary for who comes next. */
import { Modal, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  addNote,
  changeNote,
  type Handover,
  MAX_HANDOVER,
  MAX_NOTE,
  type Note,
  type NoteKind,
  noteKind,
  readNoteHistory,
  removeNote,
  writeHandover,
} from '../../../worker/protocol/http/notes.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { isProblem } from '../../client/problem.ts';
import { Button } from '../../ui/button.tsx';
import { whenWords } from '../../ui/format.ts';
import { locale } from '../../ui/i18n.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { Caps, useShortcut } from '../keys/keys.tsx';
import { useNotes } from './queries.ts';
import { refusalIn } from './refusal.ts';

const dayWords = (date: string): string =>
  new Intl.DateTimeFormat(locale(), { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );

/** The day of today where the companion is, as a date field has it. */
const today = (): string => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

export interface NotesProps {
  readonly memberId: UserId;
  readonly name: string;
  /** The field of a new note, for the shortcut. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

export function Notes({ memberId, name, field }: NotesProps) {
  const { t } = useTranslation();
  const notes = useNotes(memberId);
  const [editing, setEditing] = useState<Note | null>(null);
  const [history, setHistory] = useState<Note | null>(null);
  if (notes.isPending) return <Waiting />;
  // Nothing is shown of a member whom one neither knows nor answers.
  if (isProblem(notes.error, 'not_found')) return <p className="soft">{t('talks.notes.afterTake')}</p>;
  if (notes.isError) return <ProblemNote error={notes.error} onRetry={() => void notes.refetch()} />;
  const { items, handovers, withheld } = notes.data;
  return (
    <>
      <Handovers memberId={memberId} name={name} handovers={handovers} />
      <section className="stack-tight" aria-label={t('talks.notes.title')}>
        <h3>{t('talks.notes.title')}</h3>
        <NoteForm key="new" memberId={memberId} note={null} field={field} onDone={() => undefined} />
        {items.length === 0 && <p className="soft">{t('talks.notes.none', { name })}</p>}
        <ul className="note-rows">
          {items.map((note) => (
            <li key={note.id} className={`kept ${note.kind}${note.doneAt ? ' done' : ''}`}>
              {editing?.id === note.id ? (
                <NoteForm key={note.version} memberId={memberId} note={note} onDone={() => setEditing(null)} />
              ) : (
                <NoteRow note={note} onEdit={() => setEditing(note)} onHistory={() => setHistory(note)} />
              )}
            </li>
          ))}
        </ul>
        {withheld > 0 && <p className="soft">{t('talks.notes.withheld', { count: withheld })}</p>}
      </section>
      {history && <History note={history} onClose={() => setHistory(null)} />}
    </>
  );
}

function NoteRow({ note, onEdit, onHistory }: { note: Note; onEdit: () => void; onHistory: () => void }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const late = note.followUpOn !== null && note.doneAt === null && note.followUpOn <= today();
  const done = async (is: boolean): Promise<void> => {
    setError(null);
    try {
      await api.call(changeNote, { params: { id: note.id }, body: { version: note.version, done: is } });
    } catch (thrown) {
      setError(thrown);
    }
    await queries.invalidateQueries({ queryKey: ['notes', note.memberId] });
  };
  return (
    <>
      <p className="kept-kind">
        <strong>{t(`talks.notes.kind.${note.kind}`)}</strong>
        {note.followUpOn && (
          <span className={late ? 'due late' : 'due'}>
            {t(late ? 'talks.notes.dueNow' : 'talks.notes.due', { day: dayWords(note.followUpOn) })}
          </span>
        )}
      </p>
      <p className="words">{note.text}</p>
      <p className="soft">
        {note.own ? t('talks.notes.byYou') : note.author.displayName}, {whenWords(note.changedAt, Date.now())}
      </p>
      {error !== null && <ProblemNote error={error} />}
      {note.own && (
        <div className="kept-acts">
          {note.followUpOn && (
            <label className="tick">
              <input type="checkbox" checked={note.doneAt !== null} onChange={({ currentTarget }) => void done(currentTarget.checked)} />
              {t('talks.notes.done')}
            </label>
          )}
          <button type="button" onClick={onEdit}>
            {t('talks.notes.change')}
          </button>
          {note.version > 1 && (
            <button type="button" onClick={onHistory}>
              {t('talks.notes.history')}
            </button>
          )}
        </div>
      )}
    </>
  );
}

function NoteForm({
  memberId,
  note,
  field,
  onDone,
}: {
  memberId: UserId;
  note: Note | null;
  field?: RefObject<HTMLTextAreaElement | null>;
  onDone: () => void;
}) {
  const { api } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [kind, setKind] = useState<NoteKind>(note?.kind ?? 'fact');
  const [text, setText] = useState(note?.text ?? '');
  const [day, setDay] = useState(note?.followUpOn ?? '');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<'text' | 'day' | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [kept, setKept] = useState(false);
  const [inUse, setInUse] = useState(false);
  const refusal = refusalIn(error);
  const open = note !== null || inUse || text !== '';

  const carry = async (work: () => Promise<unknown>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: ['notes', memberId] });
      setText('');
      setDay('');
      setKind('fact');
      setKept(true);
      setInUse(false);
      onDone();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const keep = (): void => {
    const fails = text.trim() === '' ? 'text' : kind === 'follow_up' && day === '' ? 'day' : null;
    setWrong(fails);
    if (fails) return;
    const said = { kind, text, ...(kind === 'follow_up' ? { followUpOn: day } : {}) };
    void carry(() =>
      note
        ? api.call(changeNote, { params: { id: note.id }, body: { ...said, version: note.version } })
        : api.call(addNote, { params: { userId: memberId }, body: said }),
    );
  };
  useShortcut('keep', keep, inUse);
  return (
    <form
      className="stack-tight note-form"
      onFocus={() => setInUse(true)}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setInUse(false);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <Textarea
        size="md"
        {...(field ? { ref: field } : {})}
        label={
          <>
            {t(note ? 'talks.notes.text' : 'talks.notes.new')}
            {field && <Caps id="note" />}
          </>
        }
        rows={open ? 3 : 1}
        maxLength={MAX_NOTE}
        value={text}
        error={refusal !== null ? t(`talks.notes.refused.${refusal}`) : wrong === 'text' ? t('talks.notes.textMissing') : undefined}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setKept(false);
        }}
      />
      {open && (
        <>
          <fieldset className="flags">
            <legend>{t('talks.notes.kindOf')}</legend>
            {noteKind.options.map((each) => (
              <button key={each} type="button" className="chip" aria-pressed={kind === each} onClick={() => setKind(each)}>
                {t(`talks.notes.kind.${each}`)}
              </button>
            ))}
          </fieldset>
          {kind === 'sensitive' && <p className="soft">{t('talks.notes.sensitiveLead')}</p>}
          {kind === 'follow_up' && (
            <label className="field-label">
              {t('talks.notes.day')}
              <input
                type="date"
                className="plain-select"
                value={day}
                min={note ? undefined : today()}
                aria-invalid={wrong === 'day'}
                onChange={({ currentTarget }) => setDay(currentTarget.value)}
              />
              {wrong === 'day' && (
                <span className="field-error" role="alert">
                  {t('talks.notes.dayMissing')}
                </span>
              )}
            </label>
          )}
          {error !== null && refusal === null && <ProblemNote error={error} />}
          <div className="row">
            <Button type="submit" size="md" loading={busy}>
              {t('desk.wrap.keep')}
              <Caps id="keep" />
            </Button>
            {note && (
              <>
                <Button size="md" variant="default" onClick={onDone}>
                  {t('cancel')}
                </Button>
                <Button
                  size="md"
                  variant="default"
                  className="to-end"
                  disabled={busy}
                  onClick={() => void carry(() => api.call(removeNote, { params: { id: note.id } }))}
                >
                  {t('talks.notes.remove')}
                </Button>
              </>
            )}
          </div>
        </>
      )}
      <p className="unseen" role="status">
        {kept && t('talks.notes.kept')}
      </p>
    </form>
  );
}

function History({ note, onClose }: { note: Note; onClose: () => void }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const history = useQuery({
    queryKey: ['notes', note.memberId, note.id, note.version],
    queryFn: () => api.call(readNoteHistory, { params: { id: note.id } }),
  });
  return (
    <Modal opened onClose={onClose} size="lg" title={t('talks.notes.historyTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      {history.isPending && <Waiting />}
      {history.isError && <ProblemNote error={history.error} onRetry={() => void history.refetch()} />}
      <ol className="note-history">
        {history.data?.items.map(({ version, kind, text, followUpOn, doneAt, by, at }) => (
          <li key={version}>
            <p className="kept-kind">
              <strong>{t(`talks.notes.kind.${kind}`)}</strong>
              {followUpOn && <span className="due">{t('talks.notes.due', { day: dayWords(followUpOn) })}</span>}
              {doneAt && <span className="due">{t('talks.notes.done')}</span>}
            </p>
            <p className="words">{text}</p>
            <p className="soft">
              {by.displayName}, {whenWords(at, Date.now())}
            </p>
          </li>
        ))}
      </ol>
    </Modal>
  );
}

function Handovers({ memberId, name, handovers }: { memberId: UserId; name: string; handovers: readonly Handover[] }) {
  const { t } = useTranslation();
  const [writing, setWriting] = useState(false);
  const own = handovers.find((each) => each.own) ?? null;
  const others = handovers.filter((each) => !each.own);
  return (
    <section className="stack-tight" aria-label={t('talks.handover.title')}>
      <h3>{t('talks.handover.title')}</h3>
      {others.map((each) => (
        <div key={each.author.id} className="kept handed">
          <p className="words">{each.text}</p>
          <p className="soft">
            {each.author.displayName}, {whenWords(each.changedAt, Date.now())}
          </p>
        </div>
      ))}
      {writing ? (
        <HandoverForm memberId={memberId} name={name} own={own} onDone={() => setWriting(false)} />
      ) : (
        <div className={own ? 'kept handed' : undefined}>
          {own && <p className="words">{own.text}</p>}
          {!own && others.length === 0 && <p className="soft">{t('talks.handover.none', { name })}</p>}
          <div className="kept-acts">
            <button type="button" onClick={() => setWriting(true)}>
              {t(own ? 'talks.handover.change' : 'talks.handover.write')}
            </button>
          </div>
        </div>
      )}
    </section>
  );
}

function HandoverForm({ memberId, name, own, onDone }: { memberId: UserId; name: string; own: Handover | null; onDone: () => void }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [text, setText] = useState(own?.text ?? '');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [inUse, setInUse] = useState(false);
  const refusal = refusalIn(error);
  const keep = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await api.call(writeHandover, { params: { userId: memberId }, body: { version: own?.version ?? 0, text } });
      await queries.invalidateQueries({ queryKey: ['notes', memberId] });
      onDone();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  useShortcut('keep', () => void keep(), inUse);
  return (
    <form
      className="stack-tight note-form"
      onFocus={() => setInUse(true)}
      onBlur={() => setInUse(false)}
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <Textarea
        size="md"
        autoFocus
        rows={4}
        maxLength={MAX_HANDOVER}
        label={t('talks.handover.text', { name })}
        description={t('talks.handover.hint')}
        value={text}
        error={refusal === null ? undefined : t(`talks.notes.refused.${refusal}`)}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {error !== null && refusal === null && <ProblemNote error={error} />}
      <div className="row">
        <Button type="submit" size="md" loading={busy}>
          {t('desk.wrap.keep')}
          <Caps id="keep" />
        </Button>
        <Button size="md" variant="default" onClick={onDone}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
