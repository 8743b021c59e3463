/** The tables of one conversation, in its object's own storage. Append to the list; never change what is there. */
import type { Migration } from '../kit/migrations.ts';
import { ticketsTable } from '../kit/tickets.ts';

export const tables: readonly Migration[] = [
  ticketsTable,
  {
    name: 'the conversation',
    sql: `
      -- One row. waiting: the member's first message that nobody has answered. searchable: messages up to here are in the
      -- index of words. told, recorded: everything up to here has been told to people's hubs, and to the lists.
      CREATE TABLE room (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        chat_id TEXT NOT NULL,
        epoch TEXT NOT NULL,
        closed TEXT,
        waiting_seq INTEGER,
        waiting_at INTEGER,
        searchable INTEGER NOT NULL DEFAULT 0,
        told INTEGER NOT NULL DEFAULT 0,
        recorded INTEGER NOT NULL DEFAULT 0
      );
      -- told: what their hub has heard of, as JSON. registered: their hub knows that there are sockets of theirs here.
      CREATE TABLE person (
        n INTEGER PRIMARY KEY,
        user_id TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL,
        ledger_shard INTEGER NOT NULL,
        from_seq INTEGER NOT NULL,
        came_at INTEGER NOT NULL,
        left_at INTEGER,
        delivered INTEGER NOT NULL DEFAULT 0,
        read INTEGER NOT NULL DEFAULT 0,
        told TEXT,
        registered INTEGER NOT NULL DEFAULT 0
      );
      -- A message is an event of the sequence, as it stands now. author: its sender, or 'house'; name: the author's own name
      -- for it.
      CREATE TABLE message (
        seq INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        sender TEXT,
        author TEXT NOT NULL,
        name TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        id TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        UNIQUE (author, name)
      );
      -- An event that is no message, as it goes out. about: the seq of the message it is about.
      CREATE TABLE mark (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, about INTEGER, body TEXT NOT NULL);
      CREATE INDEX edits_of_message ON mark (about) WHERE type = 'edited';
      -- A message without a place. tries: how often its charge found no answer; due_at: when it is tried again, ms.
      CREATE TABLE intent (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        sender TEXT NOT NULL,
        client_id TEXT NOT NULL,
        body TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        due_at INTEGER NOT NULL,
        UNIQUE (sender, client_id)
      );
      -- Names of messages that were given up while nobody knew whether they had been paid.
      CREATE TABLE given_up (sender TEXT NOT NULL, client_id TEXT NOT NULL, PRIMARY KEY (sender, client_id)) WITHOUT ROWID;
      -- dropped: its message is deleted, and its bytes are still to be.
      CREATE TABLE medium (
        media_id TEXT PRIMARY KEY,
        author TEXT,
        name TEXT,
        state TEXT,
        dropped INTEGER NOT NULL DEFAULT 0
      ) WITHOUT ROWID;
      -- rowid: the message's seq. The words themselves stand in the message only.
      CREATE VIRTUAL TABLE words USING fts5(text, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2");
    `,
  },
];
