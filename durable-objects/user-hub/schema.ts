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
  {
    name: 'ladder and inbox',
    sql: `
      -- The climb that tells of the item; null: the one of its own id, if there is any.
      ALTER TABLE item ADD COLUMN climb TEXT;
      -- due_at: while waiting, when the next rung's turn is. ordered_at: when a rung was last put on its way.
      CREATE TABLE climb (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        topic TEXT NOT NULL,
        seq INTEGER NOT NULL,
        facts TEXT NOT NULL,
        not_by TEXT,
        began_at INTEGER NOT NULL,
        state TEXT NOT NULL,
        steps INTEGER NOT NULL,
        due_at INTEGER,
        expires_at INTEGER NOT NULL,
        ended TEXT,
        out INTEGER NOT NULL,
        ordered_at INTEGER
      );
      CREATE INDEX climb_by_topic ON climb (topic, kind, seq);
      CREATE INDEX climb_due ON climb (due_at) WHERE state = 'waiting';
      CREATE TABLE inbox (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        facts TEXT NOT NULL,
        at INTEGER NOT NULL,
        read_at INTEGER
      );
      CREATE INDEX inbox_unread ON inbox (seq) WHERE read_at IS NULL;
      -- What was told before there was an inbox: what a device has shown counts as read.
      INSERT INTO inbox (seq, id, kind, facts, at, read_at)
        SELECT seq, id, json_extract(body, '$.kind'), json_extract(body, '$.body'), at, acked_at
        FROM item WHERE json_extract(body, '$.type') = 'notification';
    `,
  },
  // What was ordered is due too: when it is taken for lost.
  {
    name: 'lost orders',
    sql: 'DROP INDEX climb_due; CREATE INDEX climb_open ON climb (due_at) WHERE due_at IS NOT NULL',
  },
  // Fewer coins than this, and some are ordered; null: none are.
  { name: 'top up below', sql: 'ALTER TABLE person ADD COLUMN top_up_below INTEGER' },
];
