/** What was just done, with the way to take it back. It stays until it is closed, on every screen. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { SessionId } from '../../worker/protocol/ids.ts';
import { type UndoNote, type Undos, waits } from '../client/undo.ts';
import { Button } from './button.tsx';
import { problemWords } from './problem-note.tsx';
import { useStore } from './use-store.ts';

export function UndoNotes({ undos }: { undos: Undos }) {
  const { t } = useTranslation();
  const notes = useStore(undos.notes);
  return (
    <section className="undo-notes" aria-label={t('undo.label')}>
      {/* Always on the page, so that what comes into it is read out. */}
      <div className="unseen" role="status" aria-live="polite">
        {notes.map((note) => (
          <p key={note.id}>{noteWords(t, note)}</p>
        ))}
      </div>
      {notes.map((note) => (
        <fieldset
          key={note.id}
          className={note.state === 'failed' ? 'note bad' : 'note'}
          aria-label={noteWords(t, note)}
          onPointerEnter={() => undos.hold(note.id)}
          onPointerLeave={() => undos.release(note.id)}
          onFocus={() => undos.hold(note.id)}
          onBlur={() => undos.release(note.id)}
        >
          <p className="note-text" aria-hidden="true">
            {noteWords(t, note)}
          </p>
          {note.state !== 'undone' && !(waits(note.act) && note.state !== 'waiting') && (
            <Button loading={note.state === 'undoing'} onClick={() => void undos.undo(note.id)}>
              {t('undo.undo')}
            </Button>
          )}
          <Button variant="default" onClick={() => undos.close(note.id)}>
            {t('close')}
          </Button>
        </fieldset>
      ))}
    </section>
  );
}

function noteWords(t: TFunction, { act, state, error }: UndoNote): string {
  if (state === 'failed') return problemWords(t, error);
  if (act.kind === 'sign_out') {
    const device = act.device ?? t('undo.device');
    return t(state === 'waiting' ? 'undo.signingOut' : state === 'undone' ? 'undo.staysSignedIn' : 'undo.signedOut', { device });
  }
  if (act.kind === 'read_all') return t(state === 'undone' ? 'undo.unreadAgain' : 'undo.allRead');
  const blocked = (act.kind === 'block') === (state !== 'undone');
  return t(blocked ? 'undo.blocked' : 'undo.unblocked', { name: act.name });
}

/** Devices that are signed out, or about to be. */
export function useLeaving(undos: Undos): ReadonlySet<SessionId> {
  const notes = useStore(undos.notes);
  return new Set(
    notes.flatMap(({ act, state }) => (act.kind === 'sign_out' && ['waiting', 'done'].includes(state) ? [act.sessionId] : [])),
  );
}
