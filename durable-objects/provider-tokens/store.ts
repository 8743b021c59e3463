/** The tokens that are kept, and the only SQL over them. */
import type { Migration } from '../kit/migrations.ts';
import { type Kept, nothingKept } from './renewal.ts';

/** Append only: a deployed migration is never edited. */
export const tokenTables: readonly Migration[] = [
  {
    name: 'tokens',
    sql: `CREATE TABLE token (
      provider TEXT PRIMARY KEY,
      token TEXT,
      made_with TEXT,
      made_at INTEGER,
      expires_at INTEGER,
      failures INTEGER NOT NULL,
      failed_at INTEGER NOT NULL
    )`,
  },
];

interface TokenRow extends Record<string, SqlStorageValue> {
  token: string | null;
  made_with: string | null;
  made_at: number | null;
  expires_at: number | null;
  failures: number;
  failed_at: number;
}

export function readKept(sql: SqlStorage, provider: string): Kept {
  const [row] = sql.exec<TokenRow>('SELECT * FROM token WHERE provider = ?', provider).toArray();
  if (!row) return nothingKept;
  const { token, made_with: madeWith, made_at: madeAt, expires_at: expiresAt, failures, failed_at: failedAt } = row;
  const whole = token !== null && madeWith !== null && madeAt !== null && expiresAt !== null;
  return { held: whole ? { token, madeWith, madeAt, expiresAt } : null, failures, failedAt };
}

export function writeKept(sql: SqlStorage, provider: string, { held, failures, failedAt }: Kept): void {
  sql.exec(
    `INSERT INTO token (provider, token, made_with, made_at, expires_at, failures, failed_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (provider) DO UPDATE SET token = excluded.token, made_with = excluded.made_with, made_at = excluded.made_at,
       expires_at = excluded.expires_at, failures = excluded.failures, failed_at = excluded.failed_at`,
    ...[provider, held?.token ?? null, held?.madeWith ?? null, held?.madeAt ?? null, held?.expiresAt ?? null, failures, failedAt],
  );
}
