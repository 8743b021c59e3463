/** Do the books balance? */
import { useQuery } from '@tanstack/react-query';
import { readProof } from '../../../../worker/protocol/http/admin.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { Across } from '../../desk/across.tsx';
import { Fact } from '../../desk/fact.tsx';
import { figure, When } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

const columns = ['sum', 'accounts', 'transfers', 'mismatches', 'belowFloor'] as const;
/** Anything but 0 here is wrong. */
const mustBeZero = new Set<string>(['sum', 'mismatches', 'belowFloor']);

export default function Proof() {
  const { api } = useSession();
  const { t } = useWords();
  const proof = useQuery({ queryKey: ['proof'], queryFn: ({ signal }) => api.call(readProof, { signal }), refetchInterval: 30_000 });
  if (proof.isPending) return <Waiting />;
  if (!proof.data) return <ProblemNote error={proof.error} onRetry={() => void proof.refetch()} />;
  const { units, seals, outbox, pairs, violations, provedAt, transfersSince } = proof.data;
  const good =
    seals.broken === 0 &&
    pairs.missing === 0 &&
    outbox.parked === 0 &&
    violations.length === 0 &&
    units.every(({ sum, mismatches, belowFloor }) => sum === 0 && mismatches === 0 && belowFloor === 0);
  return (
    <div className="stack">
      <div className="head">
        <h1>{t('sections.ledger')}</h1>
        <button type="button" className="act" disabled={proof.isFetching} onClick={() => void proof.refetch()}>
          {t('ledger.again')}
        </button>
      </div>
      <p className={good ? 'note' : 'note bad'} role="status">
        <strong>{t(good ? 'ledger.good' : 'ledger.bad')}</strong>
      </p>
      <Across label={t('sections.ledger')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('money.unit')}</th>
              {columns.map((column) => (
                <th key={column} scope="col" className="figure">
                  {t(`ledger.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {units.map((unit) => (
              <tr key={unit.unit}>
                <th scope="row">{t(`unit.${unit.unit}`)}</th>
                {columns.map((column) => (
                  <td key={column} className={mustBeZero.has(column) && unit[column] !== 0 ? 'figure wrong' : 'figure'}>
                    {figure(unit[column])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Across>
      <dl className="facts">
        <Fact name={t('ledger.provedAt')}>
          <When at={provedAt} />
        </Fact>
        <Fact name={t('ledger.since')}>{figure(transfersSince)}</Fact>
        <Fact name={t('ledger.seals')}>{t('ledger.sealsOf', { days: seals.days, broken: seals.broken })}</Fact>
        <Fact name={t('ledger.outbox')}>{t('ledger.outboxOf', { waiting: outbox.waiting, parked: outbox.parked })}</Fact>
        <Fact name={t('ledger.pairs')}>{figure(pairs.missing)}</Fact>
      </dl>
      {violations.length > 0 && (
        <section className="note bad stack-tight" aria-labelledby="violations">
          <h2 id="violations">{t('ledger.violations')}</h2>
          <ul>
            {violations.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
