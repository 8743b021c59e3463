/** When the companion usually works: said once, shown to members as "opens at". */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeHours, readHours, type WorkingHour, type WorkingHours } from '../../../worker/protocol/http/work.ts';
import { Button } from '../../ui/button.tsx';
import { durationWords } from '../../ui/format.ts';
import { Page } from '../../ui/frame.tsx';
import { locale } from '../../ui/i18n.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { firstOverlap, minutesOfWeek, offer, overnight, weekdays } from './week.ts';

/** 2024-01-01 was a Monday. */
const dayName = (weekday: number, style: 'long' | 'short' = 'long'): string =>
  new Intl.DateTimeFormat(locale(), { weekday: style, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, weekday)));

export function Hours() {
  const { api } = useSession();
  const { t } = useTranslation();
  const hours = useQuery({ queryKey: ['hours'], queryFn: () => api.call(readHours) });
  return (
    <Page>
      <div className="stack">
        <div className="stack-tight">
          <h1>{t('desk.nav.hours')}</h1>
          <p className="soft">{t('desk.hours.lead')}</p>
        </div>
        {hours.isPending ? (
          <Waiting />
        ) : hours.isError ? (
          <ProblemNote error={hours.error} onRetry={() => void hours.refetch()} />
        ) : (
          <Week key={JSON.stringify(hours.data.hours)} kept={hours.data.hours} />
        )}
      </div>
    </Page>
  );
}

function Week({ kept }: { kept: WorkingHours }) {
  const { api } = useSession();
  const queries = useQueryClient();
  const { t } = useTranslation();
  const [items, setItems] = useState<readonly WorkingHour[]>(kept.items);
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const overlap = firstOverlap(items);
  const changed = JSON.stringify(items) !== JSON.stringify(kept.items);
  const put = (next: readonly WorkingHour[]): void => {
    setSaved(false);
    setItems(next);
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const answer = await api.call(changeHours, { body: { items: [...items] } });
      queries.setQueryData(['hours'], answer);
      setSaved(true);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="sheet stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!overlap) void save();
      }}
    >
      <ul className="rows week">
        {weekdays.map((weekday) => {
          const own = items.map((hour, index) => ({ hour, index })).filter(({ hour }) => hour.weekday === weekday);
          return (
            <li key={weekday}>
              <strong className="week-day">{dayName(weekday)}</strong>
              <div className="week-times">
                {own.length === 0 && <span className="soft">{t('desk.hours.free')}</span>}
                {own.map(({ hour, index }) => {
                  const change = (part: Partial<WorkingHour>): void =>
                    put(items.map((each, at) => (at === index ? { ...each, ...part } : each)));
                  return (
                    <div key={index} className="span">
                      <input
                        type="time"
                        className="time"
                        required
                        aria-label={t('desk.hours.from', { day: dayName(weekday) })}
                        value={hour.from}
                        onChange={(event) => event.currentTarget.value && change({ from: event.currentTarget.value })}
                      />
                      <span aria-hidden="true">–</span>
                      <input
                        type="time"
                        className="time"
                        required
                        aria-label={t('desk.hours.to', { day: dayName(weekday) })}
                        value={hour.to}
                        onChange={(event) => event.currentTarget.value && change({ to: event.currentTarget.value })}
                      />
                      {overnight(hour) && <span className="soft">{t('desk.hours.nextDay')}</span>}
                      <button
                        type="button"
                        className="chip"
                        aria-label={t('desk.hours.removeLong', { day: dayName(weekday), from: hour.from })}
                        onClick={() => put(items.filter((_, at) => at !== index))}
                      >
                        {t('desk.hours.remove')}
                      </button>
                    </div>
                  );
                })}
              </div>
              <button
                type="button"
                className="chip"
                aria-label={t('desk.hours.addLong', { day: dayName(weekday) })}
                onClick={() => put([...items, offer(items, weekday)])}
              >
                {t('desk.hours.add')}
              </button>
            </li>
          );
        })}
      </ul>
      {overlap && (
        <p className="note warn" role="alert">
          {t('desk.hours.overlap', {
            a: `${dayName(overlap[0].weekday)} ${overlap[0].from}`,
            b: `${dayName(overlap[1].weekday)} ${overlap[1].from}`,
          })}
        </p>
      )}
      {error !== null && <ProblemNote error={error} />}
      {saved && !changed && (
        <p className="note" role="status">
          {t('desk.saved')}
        </p>
      )}
      <div className="row">
        <Button type="submit" size="md" loading={busy} disabled={!changed || overlap !== null}>
          {t('desk.save')}
        </Button>
        <span className="soft grow">
          {t('desk.hours.sum', { time: durationWords(t, minutesOfWeek(items) * 60) })} ·{' '}
          {t('desk.hours.zone', { zone: kept.timeZone.replaceAll('_', ' ') })}
        </span>
      </div>
    </form>
  );
}
