/** Changing when a job runs: the turns to come are shown before anything is kept. */
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { missedPolicy, previewTurns, type TimetableJob } from '../../../../worker/protocol/http/timetable.ts';
import { ApiProblem, isProblem } from '../../../client/problem.ts';
import { useSession } from '../../../ui/session.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import { Diff } from '../../desk/diff.tsx';
import { type StaffWords, useWords } from '../../words.ts';
import { cronWords } from './cron-words.ts';
import { type Times, timesOf } from './plan.ts';
import { momentIn } from './words.ts';

const zones: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface Props {
  readonly job: TimetableJob;
  /** @param seen the job as it was shown */
  readonly onSave: (times: Times, seen: TimetableJob) => Promise<void>;
  /** Somebody was quicker: looks again. */
  readonly onConflict: () => Promise<unknown>;
  readonly onClose: () => void;
}

export function Change({ job, onSave, onConflict, onClose }: Props) {
  const { api } = useSession();
  const { t, i18n } = useWords();
  const zoneList = useId();
  const wrongId = useId();
  const [seen, setSeen] = useState(job);
  const [crossed, setCrossed] = useState(false);
  const [plan, setPlan] = useState(() => timesOf(job));
  const asked = useDeferredValue({ cron: plan.cron.trim(), zone: plan.zone.trim() });
  const preview = useQuery({
    queryKey: ['turns', asked.cron, asked.zone],
    queryFn: ({ signal }) => api.call(previewTurns, { body: asked, signal }),
    retry: false,
  });
  const refused = preview.error instanceof ApiProblem ? preview.error.fields[0] : undefined;
  const isSame = JSON.stringify(plan) === JSON.stringify(timesOf(seen));
  // What somebody else has saved is there as soon as the list came again.
  const meanwhile = crossed && job.changedAt !== seen.changedAt ? job : null;
  const save = async (): Promise<void> => {
    try {
      await onSave(plan, meanwhile ?? seen);
    } catch (thrown) {
      if (isProblem(thrown, 'version_conflict')) {
        if (meanwhile) setSeen(meanwhile);
        setCrossed(true);
        await onConflict();
      }
      throw thrown;
    }
  };
  const problemAt = (path: string) =>
    refused?.path === path && (
      <span id={wrongId} className="wrong">
        {t(path === 'zone' ? 'timetable.noZone' : 'timetable.noCron')}{' '}
        <span className="soft" lang="en">
          {refused.message}
        </span>
      </span>
    );
  return (
    <Dialog
      title={t('timetable.changeTitle', { name: job.name })}
      confirm={t(meanwhile ? 'timetable.saveAnyway' : 'timetable.save')}
      ready={(!isSame || meanwhile !== null) && preview.isSuccess}
      onConfirm={save}
      onClose={onClose}
    >
      <div className="entries-row">
        <label className="entry">
          <span>{t('timetable.cron')}</span>
          <input
            className="field wide mono"
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            required
            maxLength={120}
            aria-invalid={refused?.path === 'cron'}
            aria-describedby={refused?.path === 'cron' ? wrongId : undefined}
            value={plan.cron}
            onChange={(event) => setPlan({ ...plan, cron: event.currentTarget.value })}
          />
          <span className="soft">{cronWords(plan.cron, i18n.language) ?? t('timetable.cronHint')}</span>
          {problemAt('cron')}
        </label>
        <label className="entry">
          <span>{t('timetable.zone')}</span>
          <input
            className="field"
            list={zoneList}
            autoComplete="off"
            required
            aria-invalid={refused?.path === 'zone'}
            aria-describedby={refused?.path === 'zone' ? wrongId : undefined}
            value={plan.zone}
            onChange={(event) => setPlan({ ...plan, zone: event.currentTarget.value })}
          />
          <datalist id={zoneList}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          {problemAt('zone')}
        </label>
      </div>
      <fieldset className="ticks">
        <legend>{t('timetable.missed')}</legend>
        {missedPolicy.options.map((policy) => (
          <label key={policy} className="tick">
            <input type="radio" name="missed" checked={plan.missed === policy} onChange={() => setPlan({ ...plan, missed: policy })} />{' '}
            {t(`timetable.missedPolicy.${policy}`)} <span className="soft">{t(`timetable.missedMeans.${policy}`)}</span>
          </label>
        ))}
      </fieldset>
      <section className="stack-tight" aria-labelledby={`${zoneList}-turns`} aria-busy={preview.isFetching}>
        <h3 id={`${zoneList}-turns`}>{t('timetable.turns')}</h3>
        {preview.data ? (
          <ol className="turns">
            {preview.data.turns.map((turn) => (
              <li key={turn}>
                <time dateTime={turn} className="figures">
                  {momentIn(turn, asked.zone)}
                </time>{' '}
                {asked.zone !== here && <span className="soft">{t('timetable.here', { time: momentIn(turn, here) })}</span>}
              </li>
            ))}
          </ol>
        ) : (
          <p className="soft">{t(preview.isError ? 'timetable.noTurns' : 'timetable.turnsCome')}</p>
        )}
      </section>
      {meanwhile && (
        <div className="note warn stack-tight">
          <p>{t('timetable.crossed')}</p>
          {meanwhile.enabled !== seen.enabled && <p>{t(meanwhile.enabled ? 'timetable.isOn' : 'timetable.isOff')}</p>}
          <Diff before={linesOf(t, timesOf(meanwhile))} after={linesOf(t, plan)} />
        </div>
      )}
    </Dialog>
  );
}

const linesOf = (t: StaffWords, { cron, zone, missed }: Times): ReadonlyMap<string, string> =>
  new Map([
    [t('timetable.cron'), cron],
    [t('timetable.zone'), zone],
    [t('timetable.missed'), t(`timetable.missedPolicy.${missed}`)],
  ]);
