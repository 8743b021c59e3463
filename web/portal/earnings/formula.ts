/** Checking a number instead of believing it: the formula of an earning, done again. Pure. */
import type { ExplainedEarning } from '../../../worker/protocol/http/earnings.ts';

/** A decimal such as `1.25` in hundredths-of-a-hundredth, so that no rounding of binary fractions gets in. */
function exact(decimal: string): bigint {
  const [whole = '0', part = ''] = decimal.replace('-', '').split('.');
  const value = BigInt(whole) * 10_000n + BigInt(part.padEnd(4, '0').slice(0, 4));
  return decimal.startsWith('-') ? -value : value;
}

/** amount × multiplier, half rounded up. */
export function times(amount: number, multiplier: string): number {
  const doubled = 2n * BigInt(amount) * exact(multiplier) + 10_000n;
  const floor = doubled / 20_000n - (doubled < 0n && doubled % 20_000n !== 0n ? 1n : 0n);
  return Number(floor);
}

/** What the formula comes to, and whether its parts and the posting say the same. Null for what no tariff pays. */
export function checked({ amount, formula }: Pick<ExplainedEarning, 'amount' | 'formula'>) {
  if (!formula) return null;
  const parts = formula.parts.reduce((sum, { value }) => sum + exact(value), 10_000n);
  const comesTo = times(formula.tariffAmount, formula.multiplier);
  return { comesTo, agrees: comesTo === amount && parts === exact(formula.multiplier) };
}
