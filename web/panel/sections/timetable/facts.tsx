/** A job's plan and how it stands, at a glance. */
import type { TimetableJob } from '../../../../worker/protocol/http/timetable.ts';
import { Fact } from '../../desk/fact.tsx';
import { figure, When as Moment, PersonLink, useNames } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';
import { RunMark, When } from './marks.tsx';

export function Facts({ job }: { job: TimetableJob }) {
  const { t } = useWords();
  const { usually, lastRun, nextAt, changedAt, changedBy } = job;
  const nameOf = useNames(changedBy ? [changedBy] : []);
  const isUsual = job.cron === usually.cron && job.zone === usually.zone && job.missed === usually.missed;
  return (
    <dl className="facts">
      <Fact name={t('timetable.when')}>
        <When cron={job.cron} zone={job.zone} />
        <span className="block-line mono soft">{job.cron}</span>
      </Fact>
      <Fact name={t('timetable.missed')}>
        {t(`timetable.missedPolicy.${job.missed}`)}
        {job.overlaps && <span className="block-line soft">{t('timetable.overlaps')}</span>}
      </Fact>
      <Fact name={t('timetable.next')}>{nextAt ? <Moment at={nextAt} /> : t('timetable.never')}</Fact>
      <Fact name={t('timetable.last')}>
        {lastRun ? (
          <>
            <RunMark run={lastRun} /> <Moment at={lastRun.startedAt} />
          </>
        ) : (
          t('timetable.notYet')
        )}
      </Fact>
      <Fact name={t('timetable.inARow')}>
        <span className={job.failures >= job.alertAfter ? 'wrong' : undefined}>{figure(job.failures)}</span>
        <span className="block-line soft">{t('timetable.toldAfter', { count: job.alertAfter })}</span>
      </Fact>
      {changedAt && changedBy && (
        <Fact name={t('timetable.changedBy')}>
          <PersonLink id={changedBy} name={nameOf(changedBy)} /> <Moment at={changedAt} />
          {!isUsual && (
            <span className="block-line soft">
              {t('timetable.usually')} <When cron={usually.cron} zone={usually.zone} />
            </span>
          )}
        </Fact>
      )}
    </dl>
  );
}
