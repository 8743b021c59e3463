/** Money of the real world: always beside its currency, and read as it is written. */
import { locale } from '../../ui/i18n.ts';

export interface Money {
  /** In the currency's smallest unit. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** How many digits stand behind the point: two for the euro, none for the yen. */
const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** `€9.99`. */
export const moneyWords = ({ amount, currency }: Money): string =>
  new Intl.NumberFormat(locale(), { style: 'currency', currency }).format(amount / 10 ** digitsOf(currency));

/** What a field shows of an amount: `9.99`, in German `9,99`. */
export const moneyText = ({ amount, currency }: Money): string =>
  new Intl.NumberFormat(locale(), { minimumFractionDigits: digitsOf(currency), useGrouping: false }).format(
    amount / 10 ** digitsOf(currency),
  );

/** What somebody typed, with a point or a comma, in the smallest unit; null where it is no amount above nothing. */
export function centsOf(text: string, currency: string): number | null {
  if (!isCurrency(currency)) return null;
  const [, whole, part = ''] = /^\s*(\d{1,8})(?:[.,](\d+))?\s*$/.exec(text) ?? [];
  const digits = digitsOf(currency);
  if (whole === undefined || part.length > digits) return null;
  const cents = Number(whole + part.padEnd(digits, '0'));
  return cents > 0 ? cents : null;
}

/** Three capitals, as ISO 4217 has them. */
export const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text);
