/** What a call came to. */
import type { PostedCheckpoint } from '../../../worker/domains/pricing/port.ts';
import type { Receipt } from '../../../worker/protocol/call/call.ts';
import type { UnitAmount } from '../../../worker/protocol/money.ts';
import { toTimestamp } from '../../../worker/protocol/time.ts';
import { isQuiet } from './frames.ts';
import { type CallRecord, connectedMsOf } from './state.ts';

/** [RE1] The receipt of a call from its posted lines. What the house carried stands in it and costs the payer nothing. */
export function receiptOf(record: CallRecord, lines: readonly PostedCheckpoint[]): Receipt {
  const ordered = lines
    .map(withTook)
    .toSorted((a, b) => a.atSeconds - b.atSeconds || (a.party === b.party ? a.n - b.n : a.party === 'payer' ? -1 : 1));
  return {
    callId: record.id,
    connectedMs: connectedMsOf(record),
    settled: isQuiet(record),
    checkpoints: ordered.map(({ party, n, atSeconds, unit, amount, paidBy, took, had, at }) => ({
      party,
      n,
      atSeconds,
      unit,
      amount,
      paidBy,
      took,
      had,
      at: toTimestamp(at),
    })),
    totals: {
      payer: sums(ordered.flatMap(({ party, took }) => (party === 'payer' && took ? [took] : []))),
      payee: sums(ordered.filter(({ party }) => party === 'payee')),
    },
  };
}

/** Lines written before calls had other means than coins don't say what they took; older ones not of how much. */
const withTook = (line: PostedCheckpoint): PostedCheckpoint => ({
  ...line,
  took: line.took === undefined ? (line.paidBy === 'coins' ? { unit: line.unit, amount: line.amount } : null) : line.took,
  had: line.had ?? null,
});

function sums(lines: readonly UnitAmount[]): UnitAmount[] {
  const totals = new Map<UnitAmount['unit'], number>();
  for (const { unit, amount } of lines) totals.set(unit, (totals.get(unit) ?? 0) + amount);
  return [...totals].map(([unit, amount]) => ({ unit, amount }));
}
