/** The hub's tables. Append only: a deployed migration is never edited. */
import { alarmsTable } from '../kit/alarms.ts';
import type { Migration } from '../kit/migrations.ts';
import { outboxTable } from '../kit/outbox.ts';
import { ticketsTable } from '../kit/tickets.ts';

export const hubTables: readonly Migration[] = [
  alarmsTable,
  outboxTable,
  ticketsTable,
  {
    name: 'hub',
    sql: `
      -- One row. role and working are null until learned; gone_at is null while a device is here, 0 if none ever was.
      CREATE TABLE person (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        role TEXT,
        working INTEGER,
        gone_at INTEGER DEFAULT 0,
        was_away INTEGER NOT NULL DEFAULT 0,
        presence TEXT NOT NULL DEFAULT 'offline',
        since INTEGER NOT NULL DEFAULT 0,
        last_seq INTEGER NOT NULL DEFAULT 0
      );
      INSERT INTO person (one) VALUES (1);
      -- key: what makes a repeated order the same item.
      CREATE TABLE item (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        body TEXT NOT NULL,
        acked_at INTEGER
      );
      CREATE TABLE heard_call (call_id TEXT PRIMARY KEY, call TEXT NOT NULL, at INTEGER NOT NULL);
      CREATE TABLE busy_lock (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        call_id TEXT NOT NULL,
        peer_id TEXT NOT NULL,
        taken_at INTEGER NOT NULL
      );
      CREATE TABLE unlocked_call (call_id TEXT PRIMARY KEY, at INTEGER NOT NULL);
      CREATE TABLE placed_call (key TEXT PRIMARY KEY, body_hash TEXT NOT NULL, call_id TEXT NOT NULL, at INTEGER NOT NULL);
      CREATE TABLE room (id TEXT PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL);
      -- session_id '*': every session there was.
      CREATE TABLE revoked (session_id TEXT PRIMARY KEY, at INTEGER NOT NULL);
    `,
  },
  { name: 'on_break', sql: 'ALTER TABLE person ADD COLUMN on_break INTEGER NOT NULL DEFAULT 0' },
  // When the call of the lock was last asked whether it still runs; null: never.
  { name: 'lock asked', sql: 'ALTER TABLE busy_lock ADD COLUMN asked_at INTEGER' },
];
