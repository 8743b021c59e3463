/**
 * Lets hours pass for a state folder whose Worker is not running: what waits for a moment finds that it has come. The local
 * queue keeps its messages in memory, so a killed runtime takes them along, which the real one does not: what was on it is
 * ordered again after a quarter of an hour of silence, and announcements are taken up again after five minutes.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { has } from '../books.ts';

/** Longest wait for a lock, ms. */
const LOCK_MS = 30_000;

// The platform refuses to set an alarm for the moment 0, so what is long past is at 1.
const ofHub = `
  UPDATE climb SET due_at = 1 WHERE state IN ('ordered', 'sending');
  INSERT INTO named_alarm (name, due_at) SELECT 'ladder', 1 WHERE EXISTS (SELECT 1 FROM climb WHERE due_at IS NOT NULL)
    ON CONFLICT (name) DO UPDATE SET due_at = 1;`;

const ofMain = `
  UPDATE announcement SET cut_at = 1 WHERE finished_at IS NULL;
  UPDATE announcement_page SET ordered_at = 1 WHERE told IS NULL;
  UPDATE notification_send SET claimed_until = 0 WHERE sent_at IS NULL AND given_up_at IS NULL;`;

export function letHoursPass(state: string): void {
  const folder = join(state, 'v3');
  for (const [kind, name] of databasesOf(folder)) {
    // A process that was killed may hold its lock for a moment longer.
    const db = new DatabaseSync(join(folder, kind, name), { timeout: LOCK_MS });
    try {
      if (has(db, 'climb') && has(db, 'named_alarm')) db.exec(ofHub);
      if (has(db, 'announcement_page')) db.exec(ofMain);
    } finally {
      db.close();
    }
  }
}

function databasesOf(folder: string): [string, string][] {
  return ['d1', 'do'].flatMap((part) =>
    (existsSync(join(folder, part)) ? readdirSync(join(folder, part)) : [])
      .filter((kind) => part === 'd1' || kind.endsWith('UserHub'))
      .flatMap((kind) =>
        readdirSync(join(folder, part, kind))
          .filter((name) => name.endsWith('.sqlite') && !name.includes('metadata'))
          .map((name): [string, string] => [join(part, kind), name]),
      ),
  );
}
