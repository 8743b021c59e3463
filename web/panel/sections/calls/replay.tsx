/** The scrubber: the whole call on one line, a moment at a time; the arrow keys step. */
import type { TFunction } from 'i18next';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Receipt, TimelineItem } from '../../../../worker/protocol/call/call.ts';
import { amountWords, clock } from '../../../ui/format.ts';
import { Fact } from '../../desk/fact.tsx';
import { figure, StateMark, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { type StaffWords, useWords, wordFor } from '../../words.ts';
import { type Moment, momentsOf, stretchesOf } from './story.ts';

export function Replay({ timeline, receipt, now }: { timeline: readonly TimelineItem[]; receipt: Receipt; now: number | null }) {
  const { t } = useWords();
  const { t: words } = useTranslation();
  const moments = momentsOf(timeline, receipt);
  const [at, setAt] = useState<number | null>(null);
  const chosen = Math.min(at ?? moments.length - 1, moments.length - 1);
  const list = useRef<HTMLOListElement>(null);
  const step = (by: number): void => setAt(Math.max(0, Math.min(moments.length - 1, chosen + by)));
  useCommand({ keys: 'ArrowLeft', label: t('replay.back'), group: 'here', run: () => step(-1) });
  useCommand({ keys: 'ArrowRight', label: t('replay.forth'), group: 'here', run: () => step(1) });
  useEffect(() => {
    const row = list.current?.children[chosen];
    if (at !== null && row instanceof HTMLElement && list.current) list.current.scrollTop = row.offsetTop - list.current.offsetHeight / 2;
  }, [chosen, at]);
  const moment = moments[chosen];
  const first = moments[0];
  if (!moment || !first) return <p className="soft pad">{t('replay.none')}</p>;
  const end = Math.max(now ?? 0, moments.at(-1)?.at ?? 0, first.at + 1);
  const share = (time: number): number => ((time - first.at) / (end - first.at)) * 100;
  return (
    <section className="stack-tight" aria-labelledby="replay">
      <div className="head">
        <h2 id="replay">{t('replay.title')}</h2>
        <span className="row-tight">
          <button type="button" className="act" disabled={chosen === 0} onClick={() => step(-1)}>
            {t('replay.back')} <Keys of="ArrowLeft" />
          </button>
          <button type="button" className="act" disabled={chosen === moments.length - 1} onClick={() => step(1)}>
            {t('replay.forth')} <Keys of="ArrowRight" />
          </button>
        </span>
      </div>
      <div className="track">
        <div className="track-states" aria-hidden="true">
          {stretchesOf(moments, end).map(({ state, from, to }) => (
            <span
              key={from}
              className={`stretch ${state}`}
              style={{ left: `${share(from)}%`, width: `${share(to) - share(from)}%` }}
              title={t(`state.${state}`)}
            />
          ))}
          {moments.map((one, n) => (
            <span key={n} className={`mark ${one.kind} ${n === chosen ? 'now' : ''}`} style={{ left: `${share(one.at)}%` }} />
          ))}
        </div>
        <input
          type="range"
          min={0}
          max={moments.length - 1}
          value={chosen}
          aria-label={t('replay.moment')}
          aria-valuetext={`${clock(moment.at - first.at)} ${momentWords(t, words, moment)}`}
          onChange={(event) => setAt(Number(event.currentTarget.value))}
        />
        <p className="track-ends soft figures" aria-hidden="true">
          <span>0:00</span>
          <span>{clock(end - first.at)}</span>
        </p>
      </div>
      <dl className="facts" aria-live="polite">
        <Fact name={t('replay.time')}>
          {clock(moment.at - first.at)} · <When at={new Date(moment.at).toISOString()} />
        </Fact>
        <Fact name={t('replay.happened')}>{momentWords(t, words, moment)}</Fact>
        <Fact name={t('calls.state')}>
          <StateMark state={moment.state} />
        </Fact>
        <Fact name={t('replay.paid')}>{figure(moment.paid)}</Fact>
        <Fact name={t('replay.earned')}>{figure(moment.earned)}</Fact>
      </dl>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <ol className="moments" ref={list} aria-label={t('replay.all')} tabIndex={0}>
        {moments.map((one, n) => (
          <li key={n} className={n === chosen ? 'chosen' : undefined} aria-current={n === chosen ? 'step' : undefined}>
            <span className="figures">{clock(one.at - first.at)}</span>
            <span className={`mark still ${one.kind}`} aria-hidden="true" />
            <span>
              {momentWords(t, words, one)} <Detail item={one.item} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function momentWords(t: StaffWords, words: TFunction, { item, line }: Moment): string {
  if (line) {
    const amount = amountWords(words, line.took ?? line);
    const pays = line.took ? 'replay.pays' : line.paidBy === 'allowance' || line.paidBy === 'piece' ? 'replay.included' : 'replay.house';
    const what = t(line.party === 'payee' ? 'replay.earns' : pays, { amount });
    return `${what} (${t('replay.checkpoint', { n: line.n + 1, time: clock(line.atSeconds * 1000) })})`;
  }
  if (!item) return '';
  const party = item.party ? ` · ${t(`party.${item.party}`)}` : '';
  return `${wordFor(t, `moment.${item.type}`, item.type)}${party}`;
}

/** What else is known, as it was written down. */
function Detail({ item }: { item: TimelineItem | null }) {
  const entries = Object.entries(item?.detail ?? {}).filter(([, value]) => value !== null && typeof value !== 'object');
  if (entries.length === 0) return null;
  return <span className="soft detail">{entries.map(([key, value]) => `${key} ${String(value)}`).join(' · ')}</span>;
}
