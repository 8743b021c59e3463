/** Runs of a job along the time, newest first. */
import { useEffect } from 'react';
import { type JobRun, listJobRuns, runOutcome, type TimetableJob } from '../../../../worker/protocol/http/timetable.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { When as Moment, PersonLink, useNames } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';
import { RunMark } from './marks.tsx';
import { lastedOf, lastedWords, stateOf } from './words.ts';

export function Runs({ job }: { job: TimetableJob }) {
  const { api } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const outcome = runOutcome.options.find((one) => one === query.outcome);
  const runs = usePaged(['runs', job.name, outcome], (cursor, signal) =>
    api.call(listJobRuns, {
      params: { name: job.name },
      query: { limit: 50, ...(outcome ? { outcome } : {}), ...(cursor ? { cursor } : {}) },
      signal,
    }),
  );
  const { refetch } = runs;
  const newest = job.lastRun ? `${job.lastRun.id} ${job.lastRun.outcome}` : '';
  // The list of jobs is asked again and again; this one only when that says something new.
  useEffect(() => {
    if (newest !== '') void refetch();
  }, [newest, refetch]);
  return (
    <section className="stack-tight" aria-labelledby="runs">
      <div className="head">
        <h2 id="runs">{t('timetable.history')}</h2>
        <Choose
          label={t('timetable.went')}
          value={outcome}
          options={runOutcome.options}
          wordOf={(one) => t(`timetable.outcome.${one}`)}
          none={t('any')}
          onChange={(chosen) => setQuery({ outcome: chosen })}
        />
      </div>
      <Paged of={runs} empty={t(outcome ? 'timetable.noneOfThese' : 'timetable.notYet')}>
        {(items) => <Timeline items={items} />}
      </Paged>
    </section>
  );
}

function Timeline({ items }: { items: readonly JobRun[] }) {
  const { t } = useWords();
  const list = useRowKeys<HTMLOListElement>();
  const nameOf = useNames(items.flatMap(({ askedBy }) => (askedBy ? [askedBy] : [])));
  return (
    <>
      <Strip items={items} />
      <ol className="entries" ref={list}>
        {items.map((run) => (
          <li key={run.id}>
            <details>
              <summary data-row={run.id}>
                <RunMark run={run} />
                <Moment at={run.startedAt} />
                <span className="soft">{lastedShown(run)}</span>
                {run.askedBy && <span>{t('timetable.askedBy', { name: nameOf(run.askedBy) })}</span>}
                {run.error && <span className="wrong mono">{run.error}</span>}
              </summary>
              <dl className="pad">
                {run.askedBy ? (
                  <Line name={t('timetable.askedFor')}>
                    <PersonLink id={run.askedBy} name={nameOf(run.askedBy)} />
                  </Line>
                ) : (
                  <Line name={t('timetable.for')}>
                    <Moment at={run.due} />
                    {run.slot !== null && run.slot !== run.due && (
                      <>
                        {' '}
                        {t('timetable.upTo')} <Moment at={run.slot} />
                      </>
                    )}
                  </Line>
                )}
                {run.attempt > 1 && <Line name={t('timetable.attempt')}>{run.attempt}</Line>}
                {run.finishedAt && (
                  <Line name={t('timetable.ended')}>
                    <Moment at={run.finishedAt} />
                  </Line>
                )}
                <Line name={t('timetable.inTheLog')}>
                  <span className="mono">{run.requestId}</span>
                </Line>
                <Line name={t('table.id')}>
                  <span className="mono">{run.id}</span>
                </Line>
              </dl>
            </details>
          </li>
        ))}
      </ol>
    </>
  );
}

const Line = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="fact-line">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const lastedShown = (run: JobRun): string => {
  const ms = lastedOf(run);
  return ms === null || run.outcome === 'skipped' ? '' : lastedWords(ms);
};

/** The newest runs as bars, oldest on the left, as high as they took long; said in a sentence beside it. */
function Strip({ items }: { items: readonly JobRun[] }) {
  const { t } = useWords();
  if (items.length < 2) return null;
  const longest = Math.max(1, ...items.map((run) => lastedOf(run) ?? 0));
  const bad = items.filter(({ outcome }) => outcome === 'failed' || outcome === 'lost').length;
  return (
    <figure className="strip">
      <div aria-hidden="true">
        {items.toReversed().map((run) => (
          <span key={run.id} className={`run-${stateOf(run)}`} style={{ height: `${20 + 80 * ((lastedOf(run) ?? longest) / longest)}%` }} />
        ))}
      </div>
      <figcaption className="soft">
        {t('timetable.strip', { count: items.length })} {bad === 0 ? t('timetable.stripGood') : t('timetable.stripBad', { count: bad })}{' '}
        {t('timetable.stripLongest', { time: lastedWords(longest) })}
      </figcaption>
    </figure>
  );
}
