/**
 * A setting's value as fields of text, and back. A number has one field, a record of numbers one each, yes or no (or
 * neither) is a choice, all else is JSON.
 */
export interface Draft {
  readonly kind: 'number' | 'numbers' | 'choice' | 'json';
  readonly fields: Readonly<Record<string, string>>;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export function draftOf(value: unknown): Draft {
  if (typeof value === 'number') return { kind: 'number', fields: { '': String(value) } };
  if (isRecord(value) && Object.values(value).every((one) => typeof one === 'number'))
    return { kind: 'numbers', fields: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)])) };
  if (typeof value === 'boolean' || value === null) return { kind: 'choice', fields: { '': String(value) } };
  return { kind: 'json', fields: { '': JSON.stringify(value) } };
}

/** What the fields say; undefined where they say nothing that could be sent. */
export function saidBy({ kind, fields }: Draft): unknown {
  if (kind === 'json' || kind === 'choice') {
    try {
      return JSON.parse(fields[''] ?? '');
    } catch {
      return undefined;
    }
  }
  const numbers = Object.entries(fields).map(
    ([name, text]) => [name, /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : undefined] as const,
  );
  if (numbers.some(([, number]) => number === undefined)) return undefined;
  return kind === 'number' ? numbers[0]?.[1] : Object.fromEntries(numbers);
}
