/** Every job: when it runs, how it went, when it comes next. */
import { Link } from '@tanstack/react-router';
import type { TimetableJob } from '../../../../worker/protocol/http/timetable.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { When as Moment } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';
import { cronWords } from './cron-words.ts';
import { HealthMark, RunMark, When } from './marks.tsx';
import { useJobs } from './reading.ts';
import { healthOf, jobWords, lastedOf, lastedWords, stateOf } from './words.ts';

const views = ['failing', 'off', 'changed'] as const;

const isIn = (job: TimetableJob, view: (typeof views)[number] | undefined): boolean => {
  if (view === 'failing') return job.failures > 0;
  if (view === 'off') return !job.enabled;
  return view === undefined || job.changedAt !== null;
};

export default function Timetable() {
  const { t, i18n } = useWords();
  const [query, setQuery] = useQueryText();
  const jobs = useJobs();
  const list = useRowKeys<HTMLTableElement>();
  const view = views.find((one) => one === query.view);
  const wanted = (query.search ?? '').toLowerCase();
  const rows = (jobs.data ?? [])
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .filter((job) => isIn(job, view) && `${job.name} ${jobWords(t, job.name)}`.toLowerCase().includes(wanted));
  const failing = (jobs.data ?? []).filter((job) => healthOf(job) === 'failing');
  const table = useTable('jobs', [
    {
      name: 'job',
      title: t('timetable.job'),
      always: true,
      text: true,
      draw: ({ name }) => (
        <>
          <Link to="/jobs/$id" params={{ id: name }} className="mono" data-row={name}>
            {name}
          </Link>
          <span className="soft block-line">{jobWords(t, name)}</span>
        </>
      ),
      plain: ({ name }) => name,
    },
    { name: 'health', title: t('timetable.stands'), always: true, draw: (job) => <HealthMark job={job} />, plain: healthOf },
    {
      name: 'when',
      title: t('timetable.when'),
      draw: (job) => <When cron={job.cron} zone={job.zone} />,
      plain: ({ cron, zone }) => `${cronWords(cron, i18n.language) ?? cron} ${zone}`,
    },
    {
      name: 'last',
      title: t('timetable.last'),
      draw: ({ lastRun }) =>
        lastRun && (
          <>
            <RunMark run={lastRun} /> <Moment at={lastRun.startedAt} />
          </>
        ),
      plain: ({ lastRun }) => (lastRun ? `${lastRun.startedAt} ${stateOf(lastRun)}` : ''),
    },
    {
      name: 'lasted',
      title: t('timetable.lasted'),
      figure: true,
      aside: true,
      draw: ({ lastRun }) => lastedShown(lastRun),
      plain: ({ lastRun }) => (lastRun ? (lastedOf(lastRun) ?? '') : ''),
    },
    {
      name: 'next',
      title: t('timetable.next'),
      draw: ({ nextAt }) => (nextAt ? <Moment at={nextAt} /> : <span className="soft">{t('timetable.never')}</span>),
      plain: ({ nextAt }) => nextAt ?? '',
    },
  ] satisfies Column<TimetableJob>[]);
  return (
    <div className="stack-tight">
      <div className="head">
        <h1>{t('sections.timetable')}</h1>
        <search className="filters">
          <label>
            {t('timetable.search')}{' '}
            <input
              className="field wide"
              type="search"
              value={query.search ?? ''}
              onChange={(event) => setQuery({ search: event.currentTarget.value })}
            />
          </label>
          <Choose
            label={t('timetable.show')}
            value={view}
            options={views}
            wordOf={(one) => t(`timetable.views.${one}`)}
            none={t('any')}
            onChange={(chosen) => setQuery({ view: chosen })}
          />
        </search>
      </div>
      {jobs.isPending && <Waiting />}
      {jobs.isError && !jobs.data && <ProblemNote error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {failing.length > 0 && (
        <div className="note bad" role="status">
          <p>
            <strong>{t('timetable.failing', { count: failing.length })}</strong>{' '}
            {failing.map(({ name }) => (
              <Link key={name} to="/jobs/$id" params={{ id: name }} className="mono block-line">
                {name}
              </Link>
            ))}
          </p>
        </div>
      )}
      {jobs.data && (
        <div className="above-rows">
          <p className="soft" role="status">
            {t('timetable.count', { count: rows.length })}
          </p>
          <span />
          <TableTools of={table} rows={rows} />
        </div>
      )}
      {jobs.data && rows.length === 0 && <p className="soft pad">{t('timetable.none')}</p>}
      {rows.length > 0 && (
        <Rows
          of={table}
          rows={rows}
          idOf={({ name }) => name}
          label={t('sections.timetable')}
          tableRef={list}
          isGone={({ enabled }) => !enabled}
        />
      )}
    </div>
  );
}

function lastedShown(run: TimetableJob['lastRun']): string {
  const ms = run ? lastedOf(run) : null;
  return ms === null ? '' : lastedWords(ms);
}
