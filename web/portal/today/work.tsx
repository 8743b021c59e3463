/** Being at work: start, break, back, end; and the clocks of the day. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Endpoint } from '../../../worker/protocol/http/endpoint.ts';
import { endShift, startShift } from '../../../worker/protocol/http/me.ts';
import { endBreak, startBreak } from '../../../worker/protocol/http/work.ts';
import { connectedMsAt } from '../../client/call/view.ts';
import { Button } from '../../ui/button.tsx';
import { amountWords, durationWords, timeWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { ring } from '../../ui/sound.ts';
import { useNow, useStore } from '../../ui/use-store.ts';
import { Caps, useShortcut } from '../keys/keys.tsx';
import { useShift } from '../queries.ts';
import { dayAt, type WorkState, workStateOf } from './day.ts';

const doings = { start: startShift, end: endShift, break: startBreak, back: endBreak } as const;

/** The present state and how to change it, with what went wrong at the last try. */
function useWork() {
  const { api } = useSession();
  const queries = useQueryClient();
  const shift = useShift();
  const [busy, setBusy] = useState<keyof typeof doings | null>(null);
  const [error, setError] = useState<unknown>(null);
  const state: WorkState = workStateOf(shift.data?.shift ?? null);
  const change = async (what: keyof typeof doings): Promise<void> => {
    if (busy) return;
    setBusy(what);
    setError(null);
    try {
      await api.call(doings[what] as Endpoint);
      await queries.invalidateQueries({ queryKey: ['shift'] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(null);
    }
  };
  return { shift, state, busy, error, change };
}

const titles = { off: 'work.offTitle', working: 'work.onTitle', break: 'desk.work.breakTitle' } as const;

/** Beside every screen: what members see of the companion. */
export function WorkPill() {
  const { t } = useTranslation();
  const { data, dataUpdatedAt } = useShift();
  const state = workStateOf(data?.shift ?? null);
  const now = useNow(30_000);
  if (!data) return <p className="pill">…</p>;
  const { worked, onBreak } = dayAt(data.today, state, dataUpdatedAt, now, null);
  return (
    <p className={`pill ${state}`}>
      <strong>{t(`desk.work.pill.${state}`)}</strong>
      {state !== 'off' && (
        <span className="soft"> {durationWords(t, Math.max(60, Math.floor((state === 'break' ? onBreak : worked) / 60) * 60))}</span>
      )}
    </p>
  );
}

export function Work() {
  const { t } = useTranslation();
  const { shift, state, busy, error, change } = useWork();
  const known = shift.data !== undefined;
  useShortcut('work', () => void change(state === 'off' ? 'start' : 'end'), known);
  useShortcut('break', () => void change(state === 'break' ? 'back' : 'break'), known && state !== 'off');
  if (shift.isPending) return <Waiting />;
  if (shift.isError) return <ProblemNote error={shift.error} onRetry={() => void shift.refetch()} />;
  const open = shift.data.shift;
  /** A tap that lets this page make sound from now on, and shows how a call will sound. */
  const tryRing = (): void => {
    const sound = ring('incoming');
    setTimeout(() => sound.stop(), 2_500);
  };
  return (
    <section className={`sheet work ${state}`} aria-label={t(titles[state])}>
      <div className="stack-tight grow" role="status">
        <h2 className={state === 'working' ? 'presence here' : 'presence'}>{t(titles[state])}</h2>
        <p>{t(state === 'off' ? 'work.offLead' : state === 'break' ? 'desk.work.breakLead' : 'work.onLead')}</p>
        {open && state !== 'off' && (
          <p className="soft">
            {state === 'break' && open.breakSince
              ? t('desk.work.breakSince', { time: timeWords(open.breakSince) })
              : t('work.since', { time: timeWords(open.startedAt) })}
          </p>
        )}
      </div>
      {error !== null && <ProblemNote error={error} />}
      <div className="row">
        {state === 'off' && (
          <Button size="md" loading={busy === 'start'} onClick={() => void change('start')}>
            {t('work.start')}
            <Caps id="work" />
          </Button>
        )}
        {state === 'working' && (
          <Button size="md" loading={busy === 'break'} onClick={() => void change('break')}>
            {t('desk.work.break')}
            <Caps id="break" />
          </Button>
        )}
        {state === 'break' && (
          <Button size="md" loading={busy === 'back'} onClick={() => void change('back')}>
            {t('desk.work.back')}
            <Caps id="break" />
          </Button>
        )}
        {state !== 'off' && (
          <Button size="md" variant="default" loading={busy === 'end'} onClick={() => void change('end')}>
            {t('work.end')}
            <Caps id="work" />
          </Button>
        )}
        <Button size="md" variant="subtle" onClick={tryRing}>
          {t('work.sound')}
        </Button>
      </div>
    </section>
  );
}

/** Worked, talked, earned: the day in three numbers that run by themselves. */
export function DayNumbers() {
  const { t } = useTranslation();
  const { live } = useSession();
  const { data, dataUpdatedAt } = useShift();
  const talk = useStore(live.talk);
  const state = workStateOf(data?.shift ?? null);
  const now = useNow(1_000, state !== 'off');
  if (!data) return null;
  const view = talk?.view.get();
  const talking = view && !view.ended ? now - connectedMsAt(view, now) : null;
  const { worked, onBreak, talked } = dayAt(data.today, state, dataUpdatedAt, now, talking);
  return (
    <dl className="numbers">
      <div>
        <dt>{t('desk.day.earned')}</dt>
        <dd className="figure" data-testid="earned-today">
          {amountWords(t, data.today.earned)}
        </dd>
      </div>
      <div>
        <dt>{t('desk.day.worked')}</dt>
        <dd className="figure" data-testid="worked-today">
          {durationWords(t, Math.floor(worked / 60) * 60 || worked)}
        </dd>
        {onBreak > 0 && (
          <dd className="soft">{t('desk.day.breaks', { time: durationWords(t, Math.floor(onBreak / 60) * 60 || onBreak) })}</dd>
        )}
      </div>
      <div>
        <dt>{t('desk.day.talked')}</dt>
        <dd className="figure" data-testid="talked-today">
          {durationWords(t, talked)}
        </dd>
        <dd className="soft">{t('desk.day.calls', { count: data.today.calls })}</dd>
      </div>
    </dl>
  );
}
