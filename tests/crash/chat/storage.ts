/** What stands in the rooms' own storages, read from copies of their files while the Worker does not run. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { has } from '../books.ts';
import type { Stored } from './sequence.ts';

/** By epoch, which names a storage. */
export function readRooms(state: string): Map<string, Stored> {
  const rooms = new Map<string, Stored>();
  withCopies(state, (db) => {
    const stored = readRoom(db);
    if (stored) rooms.set(stored.epoch, stored);
  });
  return rooms;
}

/** One storage as it reads with `sql` run in a copy of it; null where it is not there. */
export function doctored(state: string, epoch: string, sql: string): Stored | null {
  let found: Stored | null = null;
  withCopies(state, (db) => {
    if (readRoom(db)?.epoch !== epoch) return;
    db.exec(sql);
    found = readRoom(db);
  });
  return found;
}

function withCopies(state: string, work: (db: DatabaseSync) => void): void {
  const copies = mkdtempSync(join(tmpdir(), 'hearthline-crash-'));
  try {
    const objects = join(state, 'v3', 'do');
    for (const kind of existsSync(objects) ? readdirSync(objects) : []) {
      if (!kind.endsWith('ChatRoom')) continue;
      for (const name of readdirSync(join(objects, kind)))
        if (/\.sqlite(-wal)?$/.test(name)) copyFileSync(join(objects, kind, name), join(copies, name));
    }
    for (const name of readdirSync(copies)) {
      if (!name.endsWith('.sqlite')) continue;
      const db = new DatabaseSync(join(copies, name));
      try {
        if (has(db, 'room')) work(db);
      } finally {
        db.close();
      }
    }
  } finally {
    rmSync(copies, { recursive: true });
  }
}

function readRoom(db: DatabaseSync): Stored | null {
  const room = db.prepare('SELECT epoch FROM room').get();
  if (!room) return null;
  const messages = db.prepare('SELECT id, seq, author, name FROM message ORDER BY seq').all();
  const eventSeqs = db
    .prepare('SELECT seq FROM message UNION ALL SELECT seq FROM mark ORDER BY seq')
    .all()
    .map(({ seq }) => Number(seq));
  return {
    epoch: String(room.epoch),
    lastSeq: eventSeqs.at(-1) ?? 0,
    eventSeqs,
    messages: messages.map((row) => ({ id: String(row.id), seq: Number(row.seq), author: String(row.author), name: String(row.name) })),
  };
}
