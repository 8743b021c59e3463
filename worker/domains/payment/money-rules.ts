/** Sums as stores say them, in a currency's smallest unit. */
import type { Money } from './payment-event.ts';

const digits = new Map<string, number>();

/** Digits behind the point: 2 for euros, 0 for yen, 3 for Kuwaiti dinars; null for what is no currency code. */
export function digitsOf(currency: string): number | null {
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const known =
    digits.get(currency) ?? new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  if (known === undefined) return null;
  digits.set(currency, known);
  return known;
}

/** Of whole units with a fraction, such as 4.99. Null where there is no sum, or a currency that is none. */
export function fromUnits(units: number | null | undefined, currency: string | null | undefined): Money | null {
  const code = currency?.toUpperCase() ?? '';
  const places = digitsOf(code);
  if (units === null || units === undefined || !Number.isFinite(units) || places === null) return null;
  return { amount: Math.abs(Math.round(units * 10 ** places)), currency: code };
}

/** Of Apple's thousandths of a unit. */
export const fromThousandths = (thousandths: number | null | undefined, currency: string | null | undefined): Money | null =>
  fromUnits(thousandths === null || thousandths === undefined ? null : thousandths / 1000, currency);

/** Of Google's whole units and billionths. */
export const fromBillionths = (sum: { units?: string | undefined; nanos?: number | undefined; currencyCode: string }): Money | null =>
  fromUnits(Number(sum.units ?? 0) + (sum.nanos ?? 0) / 1e9, sum.currencyCode);
