import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import { block } from '../blocklist/service.ts';
import { createUser } from '../user/service.ts';
import { mountInteraction } from './routes.ts';
import { noteTalk } from './service.ts';

const bindings = env as unknown as Env;
const NOW = 1_800_000_000_000;
const ctxAt = (now: number) => contextOf(bindings, { now, requestId: 'req-1', waitUntil: () => {} });

/** Who answers whom: what `chat` would say. */
const answering = new Set<string>();
const askAt = (now: number) =>
  appAs(
    bindings,
    (app) =>
      mountInteraction(app, {
        writesWith: async (_ctx, companionId, memberId) => {
          const answers = answering.has(`${companionId} ${memberId}`);
          return { answers, has: answers };
        },
      }),
    now,
  );
const ask = askAt(NOW);

async function member(): Promise<Principal> {
  const { id } = await createUser(ctxAt(NOW), { email: `${crypto.randomUUID()}@demo.test`, role: 'member', monetizationVersion: 'tokens' });
  return principal({ userId: id });
}
const companion = () => principal({ role: 'companion', permissions: new Set(['note.read', 'note.write', 'call.wrap_up']) });
const supervisor = () => principal({ role: 'supervisor', permissions: new Set(['note.read', 'note.read_any']) });

/** A member and the companion who has talked with them. */
async function acquainted() {
  const [ada, grace] = [await member(), companion()];
  const facts = { memberId: ada.userId, companionId: grace.userId, connectedMs: 60_000, media: 'audio' as const };
  const callId = newId('call');
  await noteTalk(ctxAt(NOW), { ...facts, callId, at: NOW - 90_000, endedAt: NOW - 30_000 });
  return { ada, grace, callId, of: `/members/${ada.userId}` };
}

const keep = async (by: Principal, of: string, body: object) => (await ask(by, 'POST', `${of}/notes`, body)).body.note;

describe('notes about a member', () => {
  it('are kept by who knows them, changed by who wrote them, with all they said before', async () => {
    const { grace, of } = await acquainted();
    const note = await keep(grace, of, { kind: 'fact', text: ' Her cat is called Miro. ' });
    expect(note).toMatchObject({ kind: 'fact', text: 'Her cat is called Miro.', version: 1, own: true, followUpOn: null });
    const changed = await askAt(NOW + 5)(grace, 'PATCH', `/notes/${note.id}`, { version: 1, text: 'Her cat was called Miro.' });
    expect(changed.body.note).toMatchObject({ version: 2, text: 'Her cat was called Miro.', createdAt: note.createdAt });
    expect((await ask(grace, 'PATCH', `/notes/${note.id}`, { version: 1, text: 'x' })).body.code).toBe('version_conflict');
    const history = await ask(grace, 'GET', `/notes/${note.id}/history`);
    expect(history.body.items.map(({ version, text }: { version: number; text: string }) => [version, text])).toEqual([
      [2, 'Her cat was called Miro.'],
      [1, 'Her cat is called Miro.'],
    ]);
  });

  it('two edits of one version at once: one holds, the other learns of it', async () => {
    const { grace, of } = await acquainted();
    const { id } = await keep(grace, of, { kind: 'fact', text: 'One' });
    const edits = ['Two', 'Three'].map((text) => ask(grace, 'PATCH', `/notes/${id}`, { version: 1, text }));
    const statuses = (await Promise.all(edits)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 409]);
  });

  it('are seen by the writer, by who answers without the sensitive ones, by who supervises; a passer-by finds nobody', async () => {
    const { ada, grace, of } = await acquainted();
    await keep(grace, of, { kind: 'preference', text: 'Slowly, please' });
    await keep(grace, of, { kind: 'sensitive', text: 'Lost her husband in May' });
    const eva = companion();
    expect((await ask(eva, 'GET', `${of}/notes`)).status).toBe(404);
    answering.add(`${eva.userId} ${ada.userId}`);
    const evas = await ask(eva, 'GET', `${of}/notes`);
    expect(evas.body.items.map(({ text, own }: { text: string; own: boolean }) => [text, own])).toEqual([['Slowly, please', false]]);
    expect(evas.body.withheld).toBe(1);
    expect((await ask(grace, 'GET', `${of}/notes`)).body.items).toHaveLength(2);
    const sam = supervisor();
    expect((await ask(sam, 'GET', `${of}/notes`)).body.items).toHaveLength(2);
    const audits = await bindings.DB.prepare('SELECT actor FROM audit_entry WHERE subject = ?').bind(ada.userId).all();
    expect(audits.results).toEqual([{ actor: sam.userId }]);
    const [note] = (await ask(grace, 'GET', `${of}/notes`)).body.items;
    for (const who of [eva, companion()]) {
      expect((await ask(who, 'GET', `/notes/${note.id}/history`)).status).toBe(404);
      expect((await ask(who, 'PATCH', `/notes/${note.id}`, { version: 1, text: 'x' })).status).toBe(404);
      expect((await ask(who, 'DELETE', `/notes/${note.id}`)).status).toBe(404);
    }
    expect((await ask(sam, 'POST', `${of}/notes`, { kind: 'fact', text: 'x' })).status).toBe(403);
    expect((await ask(ada, 'GET', `${of}/notes`)).status).toBe(403);
  });

  it('of who is blocked, is no member or is not there: not found', async () => {
    const { ada, grace, of } = await acquainted();
    await keep(grace, of, { kind: 'fact', text: 'Tea' });
    await block(ctxAt(NOW), { blockerId: ada.userId, blockedId: grace.userId, reason: 'other', text: null });
    expect((await ask(grace, 'GET', `${of}/notes`)).status).toBe(404);
    expect((await ask(grace, 'GET', `/members/${grace.userId}/notes`)).status).toBe(404);
    expect((await ask(grace, 'GET', `/members/${newId('usr')}/notes`)).status).toBe(404);
  });

  it('that are taken away are gone; what they said is for who supervises', async () => {
    const { grace, of } = await acquainted();
    const { id } = await keep(grace, of, { kind: 'fact', text: 'Gone soon' });
    expect((await ask(grace, 'DELETE', `/notes/${id}`)).status).toBe(204);
    expect((await ask(grace, 'GET', `${of}/notes`)).body.items).toEqual([]);
    expect((await ask(grace, 'DELETE', `/notes/${id}`)).status).toBe(404);
    expect((await ask(grace, 'GET', `/notes/${id}/history`)).status).toBe(404);
    const history = await ask(supervisor(), 'GET', `/notes/${id}/history`);
    expect(history.body.items.map(({ removed }: { removed: boolean }) => removed)).toEqual([true, false]);
  });

  it('never have a card number or an address, and the answer names the field', async () => {
    const { grace, callId, of } = await acquainted();
    const card = '4111 1111 1111 1111';
    const refused = await ask(grace, 'POST', `${of}/notes`, { kind: 'fact', text: `Card ${card}` });
    expect(refused).toMatchObject({ status: 400, body: { code: 'validation_failed', fields: [{ path: 'text' }] } });
    expect(refused.body.detail).toMatch(/^The field text has what looks like a card number/);
    expect(JSON.stringify(refused.body)).not.toContain('4111');
    const { id } = await keep(grace, of, { kind: 'fact', text: 'Fine' });
    expect((await ask(grace, 'PATCH', `/notes/${id}`, { version: 1, text: 'Lindenstraße 12' })).status).toBe(400);
    expect((await ask(grace, 'PUT', `${of}/handover`, { version: 0, text: 'Lindenstraße 12' })).body.fields[0].path).toBe('text');
    const wrapped = await ask(grace, 'POST', `/calls/${callId}/wrap-up`, { note: 'ok', followUp: `pay with ${card}` });
    expect(wrapped.body.fields[0].path).toBe('followUp');
    expect(await bindings.DB.prepare('SELECT count(*) AS n FROM note WHERE text LIKE ?').bind('%4111%').first('n')).toBe(0);
  });

  it('a follow-up has its day, and is done', async () => {
    const { grace, of } = await acquainted();
    expect((await ask(grace, 'POST', `${of}/notes`, { kind: 'follow_up', text: 'The hip' })).body.fields[0].path).toBe('followUpOn');
    const note = await keep(grace, of, { kind: 'follow_up', text: 'The hip', followUpOn: '2027-02-01' });
    const done = await ask(grace, 'PATCH', `/notes/${note.id}`, { version: 1, done: true });
    expect(done.body.note).toMatchObject({ doneAt: new Date(NOW).toISOString(), followUpOn: '2027-02-01' });
  });
});

describe('a hand-over', () => {
  it('is one for each who writes it, over the version they saw, and goes with an empty text', async () => {
    const { ada, grace, of } = await acquainted();
    const first = await ask(grace, 'PUT', `${of}/handover`, { version: 0, text: 'She likes to begin with the weather.' });
    expect(first.body.handover).toMatchObject({ version: 1, own: true });
    expect((await ask(grace, 'PUT', `${of}/handover`, { version: 0, text: 'x' })).body.code).toBe('version_conflict');
    expect((await ask(grace, 'PUT', `${of}/handover`, { version: 1, text: 'Begin with the garden.' })).body.handover.version).toBe(2);
    const eva = companion();
    answering.add(`${eva.userId} ${ada.userId}`);
    expect((await ask(eva, 'GET', `${of}/notes`)).body.handovers).toMatchObject([{ text: 'Begin with the garden.', own: false }]);
    expect((await ask(grace, 'PUT', `${of}/handover`, { version: 1, text: '' })).body.code).toBe('version_conflict');
    expect((await ask(grace, 'PUT', `${of}/handover`, { version: 2, text: '' })).body).toEqual({ handover: null });
    expect((await ask(eva, 'GET', `${of}/notes`)).body.handovers).toEqual([]);
  });
});
