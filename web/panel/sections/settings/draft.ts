/**
 * A setting's value as fields of text, and back. A number has one field, which may be left empty where nothing is a value
 * too; a record of numbers has one each; yes or no (or neither) is a choice; all else is JSON.
 */
export interface Draft {
  readonly kind: 'number' | 'number or nothing' | 'numbers' | 'choice' | 'json';
  readonly fields: Readonly<Record<string, string>>;
}

/** What a value alone does not tell. */
export interface Shape {
  /** Yes or no, although it may be neither now. */
  readonly choice: boolean;
  /** Nothing is a value too. */
  readonly nothing: boolean;
}

/** Settings that are yes or no. */
const choices: ReadonlySet<string> = new Set(['media.autoPass']);

export const shapeOf = (setting: { key: string; default: unknown }): Shape => ({
  choice: choices.has(setting.key),
  nothing: setting.default === null,
});

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export function draftOf(value: unknown, { choice, nothing }: Shape): Draft {
  if (choice || typeof value === 'boolean') return { kind: 'choice', fields: { '': String(value) } };
  if (typeof value === 'number') return { kind: nothing ? 'number or nothing' : 'number', fields: { '': String(value) } };
  if (value === null) return { kind: 'number or nothing', fields: { '': '' } };
  if (isRecord(value) && Object.values(value).every((one) => typeof one === 'number'))
    return { kind: 'numbers', fields: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)])) };
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
  if (kind === 'number or nothing' && fields['']?.trim() === '') return null;
  const numbers = Object.entries(fields).map(
    ([name, text]) => [name, /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : undefined] as const,
  );
  if (numbers.some(([, number]) => number === undefined)) return undefined;
  return kind === 'numbers' ? Object.fromEntries(numbers) : numbers[0]?.[1];
}
