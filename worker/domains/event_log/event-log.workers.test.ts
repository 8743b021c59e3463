import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { audit, auditStatement, readAuditPage, record } from './service.ts';

const bindings = env as unknown as Env;
const contextAt = (now: number) => contextOf(bindings, { now, requestId: 'req-1', waitUntil: () => {} });
const ctx = contextAt(1_800_000_000_000);
const actor = newId('usr');

const change = (subject: string, after: unknown) => audit(ctx, { actor, action: 'thing.change', subject, before: null, after });

describe('the audit', () => {
  it('gives back what was changed, by whom and when', async () => {
    const subject = newId('tar');
    await audit(ctx, { actor, action: 'tariff.publish', subject, before: { state: 'draft' }, after: { state: 'published' } });
    const { items, nextCursor } = await readAuditPage(ctx, { subject });
    expect(items).toEqual([
      expect.objectContaining({
        actor,
        action: 'tariff.publish',
        subject,
        before: { state: 'draft' },
        after: { state: 'published' },
        at: '2027-01-15T08:00:00.000Z',
        requestId: 'req-1',
      }),
    ]);
    expect(nextCursor).toBeNull();
  });

  it('pages newest first, and an entry made between two pages shifts nothing', async () => {
    const subject = newId('tar');
    for (const n of [1, 2, 3, 4, 5]) await change(subject, n);
    const first = await readAuditPage(ctx, { subject, limit: 2 });
    await change(subject, 6);
    const second = await readAuditPage(ctx, { subject, limit: 2, cursor: first.nextCursor ?? '' });
    const third = await readAuditPage(ctx, { subject, limit: 2, cursor: second.nextCursor ?? '' });
    expect([first, second, third].map((page) => page.items.map((item) => item.after))).toEqual([[5, 4], [3, 2], [1]]);
    expect(third.nextCursor).toBeNull();
  });

  it('shows one subject only when asked for one', async () => {
    const [mine, other] = [newId('tar'), newId('tar')];
    await change(mine, 'mine');
    await change(other, 'other');
    expect((await readAuditPage(ctx, { subject: mine })).items.map((item) => item.after)).toEqual(['mine']);
    expect((await readAuditPage(ctx, { limit: 2 })).items.map((item) => item.after)).toEqual(['other', 'mine']);
  });

  it.each(['x', '', 'bnVsbA', 'eyJhIjoxfQ', '%%%'])('refuses the cursor %j', async (cursor) => {
    await expect(readAuditPage(ctx, { cursor })).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('writes nothing when the batch it stands in is refused', async () => {
    const subject = newId('tar');
    const entry = () => auditStatement(ctx, { actor, action: 'x', subject, before: null, after: 1 });
    await expect(bindings.DB.batch([entry(), bindings.DB.prepare("INSERT INTO event (id) VALUES ('broken')")])).rejects.toThrow();
    expect((await readAuditPage(ctx, { subject })).items).toEqual([]);
  });
});

describe('both tables', () => {
  it('refuse to be changed or emptied', async () => {
    await record(ctx, { type: 'thing.happened', subject: 'thing', payload: { a: 1 } });
    await change('thing', 1);
    for (const statement of [
      "UPDATE event SET type = 'other'",
      'DELETE FROM event',
      'UPDATE audit_entry SET actor = actor',
      'DELETE FROM audit_entry',
      `INSERT OR REPLACE INTO event (seq, id, type, subject, occurred_at, request_id, payload) SELECT seq, id, 'other', subject, 0, '', '{}' FROM event`,
    ])
      await expect(bindings.DB.prepare(statement).run(), statement).rejects.toThrow(/append_only/);
    expect(await bindings.DB.prepare("SELECT payload FROM event WHERE subject = 'thing'").first('payload')).toBe('{"a":1}');
  });
});
