/** The only SQL over a call's own tables. */
import type { PostedCheckpoint } from '../../worker/domains/pricing/port.ts';
import type { CallParty, TimelineItem } from '../../worker/protocol/call/call.ts';
import { toTimestamp } from '../../worker/protocol/time.ts';
import type { WrittenEffect } from './core/effects.ts';
import type { CallRecord } from './core/state.ts';

export class CallStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The call, or null for an object that holds none. */
  record(): CallRecord | null {
    const [row] = this.#sql.exec('SELECT body FROM record').toArray();
    const record = row ? (JSON.parse(String(row.body)) as CallRecord) : null;
    // A call that was stored by older code: it begins to ask for proofs between checkpoints, and to count wishes, now.
    return record && { ...record, proveAt: record.proveAt ?? null, wishes: record.wishes ?? { caller: [], callee: [] } };
  }

  writeRecord(record: CallRecord): void {
    this.#sql.exec(
      'INSERT INTO record (one, body) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET body = excluded.body',
      JSON.stringify(record),
    );
  }

  write(effect: WrittenEffect): void {
    if (effect.kind === 'timeline') {
      this.#sql.exec(
        'INSERT INTO timeline (at, type, party, detail) VALUES (?, ?, ?, ?)',
        effect.at,
        effect.type,
        effect.party ?? null,
        JSON.stringify(effect.detail),
      );
    } else {
      const { line } = effect;
      this.#sql.exec('INSERT INTO line (party, n, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', line.party, line.n, JSON.stringify(line));
    }
  }

  timeline(): TimelineItem[] {
    return this.#sql
      .exec('SELECT at, type, party, detail FROM timeline ORDER BY seq')
      .toArray()
      .map(({ at, type, party, detail }) => ({
        at: toTimestamp(Number(at)),
        type: String(type),
        ...(party === null ? {} : { party: party as CallParty }),
        detail: JSON.parse(String(detail)) as Record<string, unknown>,
      }));
  }

  lines(): PostedCheckpoint[] {
    return this.#sql
      .exec('SELECT body FROM line')
      .toArray()
      .map(({ body }) => JSON.parse(String(body)) as PostedCheckpoint);
  }
}
