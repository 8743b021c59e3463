/**
 * What a call costs and earns as it grows longer, drawn from the server's own preview; the version in force beside the
 * draft. A table says the same in figures.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { previewTariff, type TariffTerms } from '../../../../worker/protocol/http/tariffs.ts';
import { clock } from '../../../ui/format.ts';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { Across } from '../../desk/across.tsx';
import { change, figure } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';
import { linePath, niceTop, sumAt, sumsOf } from './steps.ts';

const spans = [120, 600, 1800, 3600] as const;
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [560, 240, 48, 24, 10] as const;

function useSums(terms: TariffTerms | null, seconds: number) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['preview', terms, seconds],
    enabled: terms !== null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      if (!terms) throw new Error('nothing to preview');
      const { checkpoints } = await api.call(previewTariff, {
        body: { tariff: { ...terms, name: terms.name || '–' }, durationSeconds: seconds },
        signal,
      });
      return { payer: sumsOf(checkpoints, 'payer'), payee: sumsOf(checkpoints, 'payee') };
    },
  });
}

export default function Chart({ draft, against }: { draft: TariffTerms | null; against: TariffTerms | null }) {
  const { t } = useWords();
  const [seconds, setSeconds] = useState<number>(600);
  const after = useSums(draft, seconds);
  const before = useSums(against, seconds);
  const now = after.data;
  const was = against ? before.data : undefined;
  const lines = [
    { name: 'payerBefore', sums: was?.payer, className: 'payer before' },
    { name: 'payeeBefore', sums: was?.payee, className: 'payee before' },
    { name: 'payer', sums: now?.payer, className: 'payer' },
    { name: 'payee', sums: now?.payee, className: 'payee' },
  ] as const;
  const top = niceTop(Math.max(1, ...lines.map(({ sums }) => sums?.at(-1)?.sum ?? 0)));
  const x = (second: number): number => LEFT + (second / seconds) * (WIDTH - LEFT - 8);
  const y = (sum: number): number => TOP + (1 - sum / top) * (HEIGHT - TOP - BOTTOM);
  const marks = [0, 0.25, 0.5, 0.75, 1];
  const told = [20, 60, 300, 600, 1800, 3600].filter((second) => second <= seconds);
  return (
    <section className="stack-tight" aria-labelledby="chart">
      <div className="head">
        <h2 id="chart">{t('chart.title')}</h2>
        <label>
          {t('chart.length')}{' '}
          <select className="field" value={seconds} onChange={(event) => setSeconds(Number(event.currentTarget.value))}>
            {spans.map((span) => (
              <option key={span} value={span}>
                {t('chart.minutes', { count: span / 60 })}
              </option>
            ))}
          </select>
        </label>
      </div>
      {draft === null && <p className="soft">{t('chart.incomplete')}</p>}
      {after.isError && <ProblemNote error={after.error} />}
      {/* The table below says the same. */}
      <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {marks.map((share) => (
          <g key={share}>
            <line className="grid" x1={LEFT} x2={WIDTH - 8} y1={y(top * share)} y2={y(top * share)} />
            <text x={LEFT - 6} y={y(top * share) + 4} textAnchor="end">
              {figure(Math.round(top * share))}
            </text>
            <text x={x(seconds * share)} y={HEIGHT - 6} textAnchor="middle">
              {clock(seconds * share * 1000)}
            </text>
          </g>
        ))}
        {lines.map(({ name, sums, className }) => sums && <path key={name} className={className} d={linePath(sums, seconds, x, y)} />)}
      </svg>
      <ul className="legend">
        {lines.map(
          ({ name, sums, className }) =>
            sums && (
              <li key={name}>
                <svg viewBox="0 0 28 8" width="28" height="8" className="chart" aria-hidden="true">
                  <path className={className} d="M0 4H28" />
                </svg>
                {t(`chart.${name}`)}
              </li>
            ),
        )}
      </ul>
      {now && (
        <Across label={t('chart.title')}>
          <table>
            <thead>
              <tr>
                <th scope="col" className="figure">
                  {t('chart.after')}
                </th>
                <th scope="col" className="figure">
                  {t('chart.payer')}
                </th>
                <th scope="col" className="figure">
                  {t('chart.payee')}
                </th>
              </tr>
            </thead>
            <tbody>
              {told.map((second) => (
                <tr key={second}>
                  <th scope="row" className="figure">
                    {clock(second * 1000)}
                  </th>
                  {(['payer', 'payee'] as const).map((party) => {
                    const sum = sumAt(now[party], second);
                    const difference = was ? sum - sumAt(was[party], second) : 0;
                    return (
                      <td key={party} className="figure">
                        {figure(sum)} {difference !== 0 && <span className="soft">({change(difference)})</span>}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </Across>
      )}
    </section>
  );
}
