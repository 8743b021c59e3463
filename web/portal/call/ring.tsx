/** Somebody rings at the desk: who, what is known of them, and two big answers. Space answers, unless a word is being written. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallId } from '../../../worker/protocol/ids.ts';
import { isProblem } from '../../client/problem.ts';
import { Icon } from '../../ui/call/icons.tsx';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { ring } from '../../ui/sound.ts';
import { useStore } from '../../ui/use-store.ts';
import { Caps, useShortcut } from '../keys/keys.tsx';
import { Known } from './known.tsx';

/** A key that was on its way to a word when it rang answers nobody, ms. */
const STRAY_MS = 700;

export function Ring({ onAnswered }: { onAnswered: (callId: CallId) => void }) {
  const { live } = useSession();
  const incoming = useStore(live.incoming);
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const since = useRef(0);
  const callId = incoming?.call.id ?? null;
  const name = incoming?.from.displayName ?? '';

  useEffect(() => {
    if (callId === null) return;
    setBusy(false);
    setError(null);
    since.current = performance.now();
    const before = document.activeElement;
    // The heading, not a button: what is typed on must not press one.
    title.current?.focus();
    const tab = document.title;
    document.title = t('ring.tab', { name });
    const ringing = ring('incoming');
    return () => {
      ringing.stop();
      document.title = tab;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [callId, name, t]);

  const settled = (): boolean => performance.now() - since.current > STRAY_MS;
  const accept = async (): Promise<void> => {
    if (!incoming || busy) return;
    setBusy(true);
    try {
      const talk = await live.answer(incoming);
      onAnswered(talk.view.get().callId);
    } catch (thrown) {
      setError(thrown);
    }
  };
  const decline = async (): Promise<void> => {
    if (!incoming || busy) return;
    try {
      await live.decline(incoming);
    } catch (thrown) {
      if (!isProblem(thrown, 'call_ended', 'answered_elsewhere')) setError(thrown);
    }
  };
  useShortcut('answer', () => settled() && void accept(), incoming !== null);
  useShortcut('decline', () => settled() && void decline(), incoming !== null);

  if (!incoming)
    return error === null ? null : (
      <div className="desk-notes">
        <ProblemNote error={error}>
          <button type="button" className="control" onClick={() => setError(null)}>
            {t('close')}
          </button>
        </ProblemNote>
      </div>
    );
  return (
    <div className="ring" role="alertdialog" aria-modal="true" aria-labelledby="ring-title" aria-describedby="ring-how">
      <div className="ring-desk">
        <div className="ring-who">
          <Portrait name={name} seed={incoming.from.portrait} size={150} />
          <h1 id="ring-title" ref={title} tabIndex={-1}>
            {t('ring.title', { name })}
          </h1>
          <p id="ring-how" className="room-soft">
            {t(incoming.call.media === 'video' ? 'ring.video' : 'ring.voice')}
          </p>
        </div>
        <Known userId={incoming.from.id} name={name} />
        <div className="controls">
          <button type="button" className="control stop" disabled={busy} onClick={() => void decline()}>
            <Icon name="stop" />
            {t('ring.decline')}
            <Caps id="decline" />
          </button>
          <button type="button" className="control go" disabled={busy} onClick={() => void accept()}>
            <Icon name="phone" />
            {t('ring.answer')}
            <Caps id="answer" />
          </button>
        </div>
      </div>
    </div>
  );
}
