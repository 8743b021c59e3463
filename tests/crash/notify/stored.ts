/** What the databases say of a run, read from copies of their files while the Worker does not run. */
import { copyDatabases, has, open } from '../books.ts';
import type { Send, StoredClimb } from './checks.ts';

export interface Stored {
  readonly sends: readonly Send[];
  readonly climbs: readonly StoredClimb[];
  readonly unfinished: number;
  readonly waiting: number;
}

export function readStored(state: string): Stored {
  const { folder, dispose } = copyDatabases(state);
  const sends: Send[] = [];
  const climbs: StoredClimb[] = [];
  let unfinished = 0;
  let waiting = 0;
  try {
    for (const db of open(folder, 'd1')) {
      if (has(db, 'notification_send')) {
        for (const row of db.prepare("SELECT * FROM notification_send WHERE channel = 'fcm'").all())
          sends.push({
            notification: String(row.notification_id),
            rung: String(row.rung),
            device: String(row.device_id),
            attempts: Number(row.attempts),
            sent: row.sent_at !== null,
          });
        unfinished += Number(db.prepare('SELECT count(*) AS n FROM announcement WHERE finished_at IS NULL').get()?.n);
        waiting += Number(db.prepare('SELECT count(*) AS n FROM notification_deferral').get()?.n);
      }
      db.close();
    }
    for (const db of open(folder, 'hub')) {
      if (has(db, 'climb'))
        for (const row of db.prepare("SELECT id, state, steps, ended FROM climb WHERE kind = 'announcement'").all())
          climbs.push({
            id: String(row.id),
            state: String(row.state),
            steps: Number(row.steps),
            ended: row.ended === null ? null : String(row.ended),
          });
      db.close();
    }
  } finally {
    dispose();
  }
  return { sends, climbs, unfinished, waiting };
}
