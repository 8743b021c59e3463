/** Spends socket tickets: each opens one socket once, however often it is shown. */
import type { Migration } from './migrations.ts';

/** Put this into the object's list of migrations. */
export const ticketsTable: Migration = {
  name: 'spent tickets',
  sql: 'CREATE TABLE spent_ticket (jti TEXT PRIMARY KEY, expires_at INTEGER NOT NULL)',
};

/**
 * True the first time. A spent ticket is remembered until it would have expired anyway (ms since the epoch); after that
 * its own expiry refuses it.
 */
export function spendTicket(sql: SqlStorage, ticket: { jti: string; expiresAt: number }, now: number): boolean {
  sql.exec('DELETE FROM spent_ticket WHERE expires_at < ?', now);
  if (ticket.expiresAt < now) return false;
  return (
    sql.exec('INSERT INTO spent_ticket (jti, expires_at) VALUES (?, ?) ON CONFLICT (jti) DO NOTHING', ticket.jti, ticket.expiresAt)
      .rowsWritten > 0
  );
}
