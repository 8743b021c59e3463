import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import { noteTalk, rate, wrapUp } from '../interaction/service.ts';
import { insertCall } from '../video/store.ts';
import { mountModeration } from './routes.ts';
import { openCases } from './service.ts';

const bindings = env as unknown as Env;
const NOW = 1_800_000_000_000;
const ctx = contextOf(bindings, { now: NOW, requestId: 'req-1', waitUntil: () => {} });
const ask = appAs(bindings, mountModeration, NOW);
const member = () => principal({ permissions: new Set(['call.take', 'call.rate']) });
const companion = () => principal({ role: 'companion', permissions: new Set(['call.take', 'call.wrap_up']) });

async function call(one: Principal, other: Principal) {
  const id = newId('call');
  const facts = { kind: 'direct', media: 'audio', tariffId: newId('tar'), resumes: null, resumesClaim: null, state: 'ended' } as const;
  await insertCall(bindings.DB, {
    id,
    callerId: one.userId,
    calleeId: other.userId,
    payerId: one.userId,
    createdAt: NOW - 9_000,
    ...facts,
  });
  const talk = { callId: id, memberId: one.userId, companionId: other.userId, at: NOW - 9_000, endedAt: NOW - 1_000 };
  await noteTalk(ctx, { ...talk, connectedMs: 7_000, media: 'audio' });
  return id;
}

const casesOf = async (subject: string) =>
  (
    await bindings.DB.prepare('SELECT source, raised_by AS raisedBy, reason, text, state FROM "case" WHERE subject = ? ORDER BY id')
      .bind(subject)
      .all()
  ).results;

const wrong = { reason: 'charged_wrongly', text: 'We never spoke.' };

describe('“this is wrong”', () => {
  it('opens one case, also from two devices at once, whose state stands beside the call', async () => {
    const [ada, grace] = [member(), companion()];
    const id = await call(ada, grace);
    expect((await ask(ada, 'GET', `/calls/${id}/after`)).body).toEqual({ rating: null, wrapUp: null, complaint: null, open: true });
    const both = await Promise.all([1, 2].map(() => ask(ada, 'POST', `/calls/${id}/complaints`, wrong)));
    const [made] = both;
    expect(made).toMatchObject({ status: 201, body: { complaint: { callId: id, ...wrong, state: 'open' } } });
    expect(both[1]?.body).toEqual(made?.body);
    expect((await ask(ada, 'POST', `/calls/${id}/complaints`, { reason: 'other', text: 'x' })).body).toEqual(made?.body);
    expect((await ask(ada, 'GET', `/calls/${id}/after`)).body.complaint).toEqual(made?.body.complaint);
    expect(await casesOf(id)).toHaveLength(1);
    const { results } = await bindings.DB.prepare("SELECT payload FROM event WHERE subject = ? AND type = 'call.complained_of'")
      .bind(id)
      .all();
    expect(results).toEqual([{ payload: '{"reason":"charged_wrongly"}' }]);
  });

  it('is of one’s own call, and nobody else’s to read', async () => {
    const [ada, grace] = [member(), companion()];
    const id = await call(ada, grace);
    await ask(ada, 'POST', `/calls/${id}/complaints`, wrong);
    expect((await ask(grace, 'GET', `/calls/${id}/after`)).body.complaint).toBe(null);
    for (const path of [`/calls/${id}/after`, `/calls/${newId('call')}/after`]) expect((await ask(member(), 'GET', path)).status).toBe(404);
    expect((await ask(member(), 'POST', `/calls/${id}/complaints`, wrong)).status).toBe(404);
    expect((await ask(principal({ role: 'admin' }), 'POST', `/calls/${id}/complaints`, wrong)).status).toBe(403);
    expect((await ask(undefined, 'POST', `/calls/${id}/complaints`, wrong)).status).toBe(401);
    expect((await ask(grace, 'POST', `/calls/${id}/complaints`, wrong)).body.complaint.id).toMatch(/^case_/);
    expect(await casesOf(id)).toHaveLength(2);
  });

  it.each([{}, { reason: 'bored', text: '' }, { ...wrong, text: 'x'.repeat(2001) }, { ...wrong, refund: 9 }])(
    'can’t be %j',
    async (body) => {
      const ada = member();
      const id = await call(ada, companion());
      expect((await ask(ada, 'POST', `/calls/${id}/complaints`, body)).status).toBe(400);
    },
  );
});

describe('low ratings and flags', () => {
  it('become cases once, however often the log is read; good ones don’t', async () => {
    const [ada, grace] = [member(), companion()];
    const [bad, good] = [await call(ada, grace), await call(ada, grace)];
    await rate(ctx, ada, bad, { stars: 2, reasons: ['unkind'], text: 'She was short with me.' });
    await rate(ctx, ada, good, { stars: 5 });
    await wrapUp(ctx, grace, bad, { note: 'private', flag: 'low_mood' });
    await openCases(ctx);
    await rate(ctx, ada, bad, { stars: 1 });
    for (const _ of [1, 2]) await openCases(ctx);
    expect(await casesOf(bad)).toEqual([
      { source: 'rating', raisedBy: ada.userId, reason: '2 of 5, unkind', text: null, state: 'open' },
      { source: 'wrap_up', raisedBy: grace.userId, reason: 'low_mood', text: null, state: 'open' },
    ]);
    expect(await casesOf(good)).toEqual([]);
  });

  it('are all found, more than are read at once', async () => {
    const ada = member();
    const ids = [];
    for (let n = 0; n < 205; n += 1) ids.push(newId('call'));
    await bindings.DB.batch(
      ids.map((id) =>
        bindings.DB.prepare(
          `INSERT INTO event (id, type, subject, actor, occurred_at, request_id, payload) VALUES (?, 'call.rated', ?, ?, ?, 'r', '{"stars":1,"reasons":[]}')`,
        ).bind(newId('evt'), id, ada.userId, NOW),
      ),
    );
    await openCases(ctx);
    const { results } = await bindings.DB.prepare('SELECT count(*) AS n FROM "case" WHERE raised_by = ?').bind(ada.userId).all();
    expect(results[0]?.n).toBe(205);
  });
});
