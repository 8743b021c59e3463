/** The tables of one call, in its object's own storage. Append to the list; never change what is there. */
import type { Migration } from '../kit/migrations.ts';
import { outboxTable } from '../kit/outbox.ts';
import { ticketsTable } from '../kit/tickets.ts';

export const tables: readonly Migration[] = [
  outboxTable,
  ticketsTable,
  {
    name: 'the call',
    sql: `
      CREATE TABLE record (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL);
      CREATE TABLE timeline (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, party TEXT, detail TEXT NOT NULL);
      CREATE TABLE line (party TEXT NOT NULL, n INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (party, n));
    `,
  },
];
