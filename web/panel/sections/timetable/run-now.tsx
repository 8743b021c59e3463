/** A run that somebody asks for: asked first, because it can't be taken back; then shown while it goes on, and how it ended. */
import { useState } from 'react';
import { type JobRun, runJob, type TimetableJob } from '../../../../worker/protocol/http/timetable.ts';
import { clock } from '../../../ui/format.ts';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useNow } from '../../../ui/use-store.ts';
import { Dialog } from '../../desk/dialog.tsx';
import { useWords } from '../../words.ts';
import { jobWords, lastedOf, lastedWords, stateOf } from './words.ts';

/** `at`: it goes on since then, ms. */
export type AskedState = { readonly at?: number; readonly run?: JobRun; readonly error?: unknown } | null;

export function useRunNow(name: string) {
  const { api } = useSession();
  const [state, setState] = useState<AskedState>(null);
  const begin = (renew: () => Promise<unknown>): void => {
    setState({ at: Date.now() });
    api
      .call(runJob, { params: { name }, body: {} })
      .then(
        ({ run }) => setState({ run }),
        (error) => setState({ error }),
      )
      .finally(renew);
    // Its row is there as soon as it has begun.
    void renew();
  };
  return { state, begin };
}

export function Asked({ state }: { state: AskedState }) {
  const { t } = useWords();
  const at = state?.at;
  const now = useNow(1_000, at !== undefined);
  const { run, error } = state ?? {};
  if (error !== undefined) return <ProblemNote error={error} />;
  const bad = run !== undefined && run.outcome !== 'ok';
  return (
    <div role="status" className={state ? (bad ? 'note bad' : 'note') : undefined}>
      {at !== undefined && <p>{t('timetable.runs', { time: clock(Math.max(0, now - at)) })}</p>}
      {run && (
        <p>
          {t(`timetable.ran.${stateOf(run)}`, { time: lastedWords(lastedOf(run) ?? 0) })}
          {run.error && <span className="block-line mono">{run.error}</span>}
        </p>
      )}
    </div>
  );
}

export function RunNow({ job, onConfirm, onClose }: { job: TimetableJob; onConfirm: () => void; onClose: () => void }) {
  const { t } = useWords();
  return (
    <Dialog
      title={t('timetable.runTitle', { name: job.name })}
      confirm={t('timetable.runNow')}
      onConfirm={async () => onConfirm()}
      onClose={onClose}
    >
      <p>{jobWords(t, job.name)}</p>
      <p>{t(job.enabled ? 'timetable.runLead' : 'timetable.runLeadOff')}</p>
    </Dialog>
  );
}
