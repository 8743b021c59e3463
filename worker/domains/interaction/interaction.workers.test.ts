import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import { mountInteraction } from './routes.ts';
import { acquaintanceOf, noteTalk, saidOf, talkedOf } from './service.ts';

const bindings = env as unknown as Env;
const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const ctxAt = (now: number) => contextOf(bindings, { now, requestId: 'req-1', waitUntil: () => {} });
const askAt = (now: number) =>
  appAs(bindings, (app) => mountInteraction(app, { writesWith: async () => ({ answers: false, has: false }) }), now);
const ask = askAt(NOW);

const member = () => principal({ permissions: new Set(['call.rate']) });
const companion = () => principal({ role: 'companion', permissions: new Set(['call.wrap_up']) });

async function talk(one: Principal, other: Principal, more: Partial<Parameters<typeof noteTalk>[1]> = {}) {
  const endedAt = more.endedAt ?? NOW - 60_000;
  const callId = newId('call');
  const facts = { callId, memberId: one.userId, companionId: other.userId, connectedMs: 600_000, media: 'audio' as const };
  await noteTalk(ctxAt(NOW), { ...facts, at: endedAt - 700_000, endedAt, ...more });
  return more.callId ?? callId;
}

const eventsOf = async (subject: string) =>
  (await bindings.DB.prepare('SELECT type, actor, payload FROM event WHERE subject = ? ORDER BY seq').bind(subject).all()).results;

describe('a rating', () => {
  it('is taken once a talk, changed within a day, and said to the house without its text', async () => {
    const [ada, grace] = [member(), companion()];
    const id = await talk(ada, grace);
    const first = await ask(ada, 'POST', `/calls/${id}/rating`, { stars: 4, reasons: ['kind', 'kind'], text: ' She laughs. ' });
    expect(first).toMatchObject({ status: 200, body: { rating: { callId: id, stars: 4, reasons: ['kind'], text: 'She laughs.' } } });
    const again = await ask(ada, 'POST', `/calls/${id}/rating`, { stars: 4, reasons: ['kind'], text: 'She laughs.' });
    expect(again.body).toEqual(first.body);
    const later = await askAt(NOW + DAY - 1)(ada, 'POST', `/calls/${id}/rating`, { stars: 2 });
    expect(later.body.rating).toMatchObject({ stars: 2, reasons: [], text: null, at: first.body.rating.at });
    expect(await askAt(NOW + DAY)(ada, 'POST', `/calls/${id}/rating`, { stars: 5 })).toMatchObject({
      status: 409,
      body: { code: 'too_late' },
    });
    expect((await askAt(NOW + DAY)(ada, 'POST', `/calls/${id}/rating`, { stars: 2 })).status).toBe(200);
    expect(await eventsOf(id)).toEqual([
      { type: 'call.rated', actor: ada.userId, payload: JSON.stringify({ stars: 4, reasons: ['kind'], companionId: grace.userId }) },
      { type: 'call.rated', actor: ada.userId, payload: JSON.stringify({ stars: 2, reasons: [], companionId: grace.userId }) },
    ]);
  });

  it('is the member’s alone, of a talk that was', async () => {
    const [ada, grace] = [member(), companion()];
    const id = await talk(ada, grace);
    const stars = { stars: 5 };
    expect((await ask(member(), 'POST', `/calls/${id}/rating`, stars)).status).toBe(404);
    expect((await ask(ada, 'POST', `/calls/${newId('call')}/rating`, stars)).status).toBe(404);
    expect((await ask(grace, 'POST', `/calls/${id}/rating`, stars)).status).toBe(403);
    const pretending = principal({ userId: grace.userId, permissions: new Set(['call.rate']) });
    expect((await ask(pretending, 'POST', `/calls/${id}/rating`, stars)).status).toBe(404);
    expect((await ask(undefined, 'POST', `/calls/${id}/rating`, stars)).status).toBe(401);
  });

  it('comes within a week', async () => {
    const [ada, grace] = [member(), companion()];
    const [old, young] = [await talk(ada, grace, { endedAt: NOW - 7 * DAY }), await talk(ada, grace, { endedAt: NOW - 7 * DAY + 1 })];
    expect((await ask(ada, 'POST', `/calls/${old}/rating`, { stars: 5 })).body.code).toBe('too_late');
    expect((await ask(ada, 'POST', `/calls/${young}/rating`, { stars: 5 })).status).toBe(200);
  });

  it.each([{ stars: 0 }, { stars: 6 }, { stars: 2.5 }, {}, { stars: 3, reasons: ['bad'] }, { stars: 3, mood: 'good' }])(
    'can’t be %j',
    async (body) => {
      const ada = member();
      const id = await talk(ada, companion());
      expect((await ask(ada, 'POST', `/calls/${id}/rating`, body)).status).toBe(400);
    },
  );
});

describe('a wrap-up', () => {
  it('is the companion’s alone, and what they read before the next talk', async () => {
    const [ada, grace, hugo] = [member(), companion(), companion()];
    const id = await talk(ada, grace);
    const said = { note: 'Her sister visits on Sunday', followUp: 'Ask about the sister', flag: 'low_mood' };
    const answer = await ask(grace, 'POST', `/calls/${id}/wrap-up`, said);
    expect(answer).toMatchObject({ status: 200, body: { wrapUp: { callId: id, ...said } } });
    expect((await ask(hugo, 'POST', `/calls/${id}/wrap-up`, said)).status).toBe(404);
    expect((await ask(ada, 'POST', `/calls/${id}/wrap-up`, said)).status).toBe(403);
    expect((await acquaintanceOf(ctxAt(NOW), grace, ada.userId))?.lastWrapUp).toMatchObject(said);
    expect((await acquaintanceOf(ctxAt(NOW), ada, grace.userId))?.lastWrapUp).toBe(null);
    expect(JSON.stringify(await eventsOf(id))).not.toContain('sister');
  });
});

describe('what two people have had', () => {
  it('is counted for the two alone, the last three talks newest first', async () => {
    const [ada, ben, grace, hugo] = [member(), member(), companion(), companion()];
    const ids = [];
    for (const day of [4, 3, 2, 1]) ids.push(await talk(ada, grace, { endedAt: NOW - day * DAY, connectedMs: day * 1_000 }));
    await talk(ben, grace);
    await talk(ada, hugo);
    for (const [viewer, other] of [
      [ada, grace],
      [grace, ada],
    ] as const) {
      const known = await acquaintanceOf(ctxAt(NOW), viewer, other.userId);
      expect(known).toMatchObject({ talks: 4, connectedMs: 10_000, since: new Date(NOW - 4 * DAY - 700_000).toISOString() });
      expect(known?.lastTalks.map(({ callId }) => callId)).toEqual(ids.slice(1).toReversed());
    }
    expect(await acquaintanceOf(ctxAt(NOW), ben, hugo.userId)).toBe(null);
    expect(await acquaintanceOf(ctxAt(NOW), principal({ role: 'admin' }), ada.userId)).toBe(null);
  });

  it('is one talk a call, as it came out in the end', async () => {
    const [ada, grace] = [member(), companion()];
    const callId = newId('call');
    for (const connectedMs of [1_000, 2_000]) await talk(ada, grace, { callId, connectedMs });
    expect(await acquaintanceOf(ctxAt(NOW), ada, grace.userId)).toMatchObject({ talks: 1, connectedMs: 2_000 });
  });

  it('counts to a companion’s day from its beginning', async () => {
    const [ada, grace] = [member(), companion()];
    await talk(ada, grace, { endedAt: NOW - 1, connectedMs: 60_000 });
    await talk(ada, grace, { endedAt: NOW - 3_600_000 + 30_000, connectedMs: 600_000 });
    await talk(ada, grace, { endedAt: NOW - 3_600_001, connectedMs: 600_000 });
    expect(await talkedOf(ctxAt(NOW), grace.userId, NOW - 3_600_000)).toEqual({ calls: 2, seconds: 90 });
  });
});

it('what was said is shown to who said it, with whether it may still change', async () => {
  const [ada, grace] = [member(), companion()];
  const id = await talk(ada, grace);
  expect(await saidOf(ctxAt(NOW), ada.userId, id)).toEqual({ rating: null, wrapUp: null, open: true });
  await ask(ada, 'POST', `/calls/${id}/rating`, { stars: 1 });
  await ask(grace, 'POST', `/calls/${id}/wrap-up`, { note: 'n' });
  expect(await saidOf(ctxAt(NOW), ada.userId, id)).toMatchObject({ rating: { stars: 1 }, wrapUp: null, open: true });
  expect(await saidOf(ctxAt(NOW + DAY), grace.userId, id)).toMatchObject({ rating: null, wrapUp: { note: 'n' }, open: false });
  expect(await saidOf(ctxAt(NOW), newId('usr'), id)).toEqual({ rating: null, wrapUp: null, open: false });
});
