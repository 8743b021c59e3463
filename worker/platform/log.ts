/**
 * Structured log lines. Never a token, a message's text or personal data: ids, codes and counts only (quality.md,
 * "Security").
 */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields & { readonly cause?: string }): void;
}

const line = (level: string, message: string, fields?: LogFields): string => JSON.stringify({ level, message, ...fields });

/** A log whose lines all carry `base`, such as a request id. */
export const logWith = (base: LogFields): Log => ({
  info: (message, fields) => console.log(line('info', message, { ...base, ...fields })),
  warn: (message, fields) => console.warn(line('warn', message, { ...base, ...fields })),
  error: (message, fields) => console.error(line('error', message, { ...base, ...fields })),
});

/** What to write of an unknown thrown thing. */
export const causeOf = (thrown: unknown): string =>
  thrown instanceof Error
    ? `${thrown.name}: ${wordsOf(thrown)}${thrown.cause instanceof Error ? ` ← ${wordsOf(thrown.cause)}` : ''}`
    : String(thrown);

/** A failed query of drizzle says in its message which values it had; the query itself, with its gaps, says enough. */
const wordsOf = (thrown: Error & { readonly query?: unknown; readonly params?: unknown }): string =>
  typeof thrown.query === 'string' && thrown.params !== undefined ? `Failed query: ${thrown.query}` : thrown.message;
