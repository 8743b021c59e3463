/** Last weeks' calls under the draft: what would have been paid and earned, in total and by length. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { replayTariff, type TariffTerms } from '../../../../worker/protocol/http/tariffs.ts';
import type { TariffId } from '../../../../worker/protocol/ids.ts';
import { clock } from '../../../ui/format.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { Across } from '../../desk/across.tsx';
import { change, figure } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

const weeks = [1, 2, 4, 8] as const;
const WEEK_MS = 7 * 86_400_000;

export function Replayed({ terms, replaces }: { terms: TariffTerms; replaces: TariffId | null }) {
  const { api } = useSession();
  const { t } = useWords();
  const [asked, setAsked] = useState<{ count: number; since: string; terms: TariffTerms } | null>(null);
  const [count, setCount] = useState<number>(4);
  const result = useQuery({
    queryKey: ['replay', asked, replaces],
    enabled: asked !== null,
    staleTime: 60_000,
    queryFn: ({ signal }) => {
      if (!asked) throw new Error('nothing was asked');
      return api.call(replayTariff, { body: { tariff: asked.terms, since: asked.since, ...(replaces ? { replaces } : {}) }, signal });
    },
  });
  const outdated = asked !== null && asked.terms !== terms && JSON.stringify(asked.terms) !== JSON.stringify(terms);
  return (
    <section className="stack-tight" aria-labelledby="replay-title">
      <h2 id="replay-title">{t('replayed.title')}</h2>
      <p className="soft small">{t('replayed.lead')}</p>
      <div className="row-tight">
        <label>
          {t('replayed.weeks')}{' '}
          <select className="field" value={count} onChange={(event) => setCount(Number(event.currentTarget.value))}>
            {weeks.map((many) => (
              <option key={many} value={many}>
                {t('replayed.weeksOf', { count: many })}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="act"
          onClick={() => setAsked({ count, terms, since: new Date(Date.now() - count * WEEK_MS).toISOString() })}
        >
          {t('replayed.run')}
        </button>
      </div>
      {asked && result.isPending && <Waiting />}
      {result.isError && <ProblemNote error={result.error} />}
      {result.data && (
        <>
          <p role="status">
            {t('replayed.sum', { calls: figure(result.data.calls), applies: figure(result.data.applies) })}{' '}
            {outdated && <strong>{t('replayed.outdated')}</strong>}
            {!result.data.complete && <strong> {t('replayed.cut')}</strong>}
          </p>
          {result.data.calls > 0 && (
            <Across label={t('replayed.title')}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t('replayed.band')}</th>
                    <th scope="col" className="figure">
                      {t('replayed.calls')}
                    </th>
                    <th scope="col" className="figure">
                      {t('replayed.paid')}
                    </th>
                    <th scope="col" className="figure">
                      {t('replayed.earned')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {result.data.bands
                    .filter(({ calls }) => calls > 0)
                    .map((band) => (
                      <tr key={band.fromSeconds}>
                        <th scope="row">
                          {band.toSeconds === null
                            ? t('replayed.from', { time: clock(band.fromSeconds * 1000) })
                            : t('replayed.between', { from: clock(band.fromSeconds * 1000), to: clock(band.toSeconds * 1000) })}
                        </th>
                        <td className="figure">{figure(band.calls)}</td>
                        <Cells before={band.before} after={band.after} />
                      </tr>
                    ))}
                  <tr className="sum">
                    <th scope="row">{t('replayed.total')}</th>
                    <td className="figure">{figure(result.data.calls)}</td>
                    <Cells before={result.data.before} after={result.data.after} />
                  </tr>
                </tbody>
              </table>
            </Across>
          )}
        </>
      )}
    </section>
  );
}

interface Sums {
  readonly paid: number;
  readonly earned: number;
}

function Cells({ before, after }: { before: Sums; after: Sums }) {
  return (['paid', 'earned'] as const).map((what) => (
    <td key={what} className="figure">
      {figure(before[what])} → {figure(after[what])} <strong>{change(after[what] - before[what])}</strong>
    </td>
  ));
}
