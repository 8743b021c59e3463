/** How runs and jobs stand: never by colour alone. */
import type { JobRun, TimetableJob } from '../../../../worker/protocol/http/timetable.ts';
import { useWords } from '../../words.ts';
import { cronWords } from './cron-words.ts';
import { healthOf, stateOf } from './words.ts';

export function RunMark({ run }: { run: JobRun }) {
  const { t } = useWords();
  const state = stateOf(run);
  return <span className={`state run-${state}`}>{t(`timetable.outcome.${state}`)}</span>;
}

export function HealthMark({ job }: { job: TimetableJob }) {
  const { t } = useWords();
  const health = healthOf(job);
  return <span className={`state job-${health}`}>{t(`timetable.health.${health}`, { count: job.failures })}</span>;
}

/** When a job runs, in words, with the clock it is read off. */
export function When({ cron, zone }: { cron: string; zone: string }) {
  const { i18n } = useWords();
  const words = cronWords(cron, i18n.language);
  return (
    <span>
      {words ?? <span className="mono">{cron}</span>} <span className="soft">{zone}</span>
    </span>
  );
}
