/** One job: what it does, when, how its runs went; changed, switched and run from here. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { changeJob, type TimetableJob } from '../../../../worker/protocol/http/timetable.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useGo, usePathId } from '../../address.ts';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { Nothing, Unread } from '../../desk/nothing.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { Change } from './change.tsx';
import { Facts } from './facts.tsx';
import { HealthMark } from './marks.tsx';
import { type Plan, planOf } from './plan.ts';
import { jobsKey, useJobs } from './reading.ts';
import { Asked, RunNow, useRunNow } from './run-now.tsx';
import { Runs } from './runs.tsx';
import { SwitchOff } from './switch-off.tsx';
import { jobWords } from './words.ts';

export default function JobPage() {
  const name = usePathId<string>();
  const jobs = useJobs();
  if (jobs.isPending) return <Waiting />;
  if (!jobs.data) return <Unread error={jobs.error} onRetry={() => void jobs.refetch()} />;
  const job = jobs.data.find((one) => one.name === name);
  return job ? <OneJob key={name} job={job} /> : <Nothing />;
}

function OneJob({ job }: { job: TimetableJob }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const go = useGo();
  const [asking, setAsking] = useState<'run' | 'change' | 'off' | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const asked = useRunNow(job.name);
  const { name } = job;
  const mayRun = me.permissions.includes('timetable.run');
  const mayEdit = me.permissions.includes('timetable.edit');
  const running = job.lastRun?.outcome === null;
  const isFree = asked.state?.at === undefined && (!running || job.overlaps);
  const renew = () =>
    Promise.all([queries.invalidateQueries({ queryKey: jobsKey }), queries.invalidateQueries({ queryKey: ['runs', name] })]);
  /** Changes the plan as it was seen; what is said then has the way back to what it was. */
  const change = async (plan: Plan, seen: TimetableJob, said: string): Promise<void> => {
    const was = planOf(seen);
    const { job: now } = await api.call(changeJob, { params: { name }, body: { ...plan, seenChangedAt: seen.changedAt } });
    setDone({ said, undo: () => change(was, now, t('timetable.undone', { name })) });
    await renew();
  };
  const switchOn = (): void => {
    setFailed(null);
    change({ enabled: true }, job, t('timetable.switchedOn', { name })).catch(async (error) => {
      setFailed(error);
      await renew();
    });
  };
  useCommand({ keys: 'Escape', label: t('timetable.back'), group: 'here', run: () => go('/jobs') });
  useCommand({ keys: 'r', label: t('timetable.runNow'), group: 'here', run: () => setAsking('run') }, mayRun && isFree);
  useCommand({ keys: 'e', label: t('timetable.change'), group: 'here', run: () => setAsking('change') }, mayEdit);
  return (
    <div className="stack">
      <div className="stack-tight">
        <div className="head">
          <div>
            <p className="crumbs">
              <Link to="/jobs">{t('sections.timetable')}</Link>
            </p>
            <h1>
              <span className="mono">{name}</span> <HealthMark job={job} />
            </h1>
            <p>{jobWords(t, name)}</p>
          </div>
          <span className="row-tight">
            {mayEdit &&
              (job.enabled ? (
                <button type="button" className="act stop" onClick={() => setAsking('off')}>
                  {t('timetable.switchOff')}
                </button>
              ) : (
                <button type="button" className="act" onClick={switchOn}>
                  {t('timetable.switchOn')}
                </button>
              ))}
            {mayEdit && (
              <button type="button" className="act" onClick={() => setAsking('change')}>
                {t('timetable.change')} <Keys of="e" />
              </button>
            )}
            {mayRun && (
              <button type="button" className="act go" disabled={!isFree} onClick={() => setAsking('run')}>
                {t(isFree ? 'timetable.runNow' : 'timetable.isRunning')} <Keys of="r" />
              </button>
            )}
          </span>
        </div>
        <DoneNote done={done} />
        {failed !== null && <ProblemNote error={failed} />}
        <Asked state={asked.state} />
        <Facts job={job} />
      </div>
      <Runs job={job} />
      {asking === 'run' && <RunNow job={job} onConfirm={() => asked.begin(renew)} onClose={() => setAsking(null)} />}
      {asking === 'off' && (
        <SwitchOff
          job={job}
          onConfirm={() => change({ enabled: false }, job, t('timetable.switchedOff', { name }))}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'change' && (
        <Change
          job={job}
          onSave={(plan, seen) => change(plan, seen, t(seen.enabled ? 'timetable.changed' : 'timetable.changedOff', { name }))}
          onConflict={renew}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
