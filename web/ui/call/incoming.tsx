/** Somebody rings: who, how, and two big answers. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../../client/problem.ts';
import { Portrait } from '../portrait.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { ring } from '../sound.ts';
import { useStore } from '../use-store.ts';
import { Icon } from './icons.tsx';

export function IncomingCall({ onAnswered }: { onAnswered: (callId: string) => void }) {
  const { live } = useSession();
  const incoming = useStore(live.incoming);
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const dialog = useRef<HTMLDivElement>(null);
  const answer = useRef<HTMLButtonElement>(null);
  const callId = incoming?.call.id ?? null;
  const name = incoming?.from.displayName ?? '';

  useEffect(() => {
    if (callId === null) return;
    setBusy(false);
    setError(null);
    const before = document.activeElement;
    answer.current?.focus();
    const title = document.title;
    const called = t('ring.tab', { name });
    document.title = called;
    // The title of the page comes and goes, so that somebody in another tab sees it.
    let lit = true;
    const flash = setInterval(() => {
      lit = !lit;
      document.title = lit ? called : title;
    }, 1_000);
    const ringing = ring('incoming');
    return () => {
      ringing.stop();
      clearInterval(flash);
      document.title = title;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [callId, name, t]);

  if (!incoming) return error === null ? null : <RingProblem error={error} onClose={() => setError(null)} />;
  const accept = async (): Promise<void> => {
    setBusy(true);
    try {
      const talk = await live.answer(incoming);
      onAnswered(talk.view.get().callId);
    } catch (thrown) {
      setError(thrown);
    }
  };
  const decline = async (): Promise<void> => {
    try {
      await live.decline(incoming);
    } catch (thrown) {
      if (!isProblem(thrown, 'call_ended', 'answered_elsewhere')) setError(thrown);
    }
  };
  return (
    <div className="ring" role="alertdialog" aria-modal="true" aria-labelledby="ring-title" aria-describedby="ring-how" ref={dialog}>
      <div className="ring-in">
        <Portrait name={name} seed={incoming.from.portrait} size={220} />
        <h1 id="ring-title">{t('ring.title', { name })}</h1>
        <p id="ring-how" className="room-soft">
          {t(incoming.call.media === 'video' ? 'ring.video' : 'ring.voice')}
        </p>
        <div className="controls">
          <button type="button" className="control stop" disabled={busy} onClick={() => void decline()}>
            <Icon name="stop" />
            {t('ring.decline')}
          </button>
          <button type="button" className="control go" disabled={busy} ref={answer} onClick={() => void accept()}>
            <Icon name="phone" />
            {t('ring.answer')}
          </button>
        </div>
      </div>
    </div>
  );
}

function RingProblem({ error, onClose }: { error: unknown; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <ProblemNote error={error}>
      <button type="button" className="control" onClick={onClose}>
        {t('close')}
      </button>
    </ProblemNote>
  );
}
