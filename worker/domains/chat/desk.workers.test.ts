/** The desk past the front door, with real conversations and their rooms behind it. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, bindings, contextNow, type Device, idIn, settle, signIn, signInAs } from '../../../tests/access/town.ts';
import { eventually } from '../../../tests/eventually.ts';
import { unwrap } from '../../platform/errors.ts';
import { chatRoom } from '../../platform/stubs.ts';
import type { DeskItem } from '../../protocol/http/desk.ts';
import type { ChatId } from '../../protocol/ids.ts';
import { block } from '../blocklist/service.ts';
import { enrol } from '../companions/service.ts';
import { changeProfile } from '../profile/service.ts';
import { startShift } from '../shifts/service.ts';
import { returnUnanswered, seatUnseated } from './desk-service.ts';

beforeAll(settle);

const MINUTE = 60_000;
const later = (ms: number) => ({ ...contextNow(), now: Date.now() + ms });

const member = (): Promise<Device> => signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
async function companion(name = 'Somebody', { atWork = true } = {}): Promise<Device> {
  const device = await signInAs(`${crypto.randomUUID()}@demo.test`, 'companion');
  await enrol(contextNow(), { userId: device.userId, media: ['audio'], tier: 'standard', approved: true });
  await changeProfile(contextNow(), device.userId, { public: { displayName: name } });
  if (atWork) await startShift(contextNow(), device.userId);
  return device;
}
function send(by: Device, id: ChatId, text: string) {
  const clientId = crypto.randomUUID();
  const body = { clientId, kind: 'text', body: { text } };
  return ask({ method: 'POST', path: `/chats/${id}/messages`, by, body, headers: { 'Idempotency-Key': clientId } });
}
/** What a room has to tell, it has told afterwards: its alarm is fired until the desk has all of it. */
async function told(id: ChatId): Promise<void> {
  const room = chatRoom(bindings, id);
  const known = () => bindings.DB.prepare('SELECT seq FROM desk_conversation WHERE chat_id = ?').bind(id).first<number>('seq');
  await eventually(async () => {
    await runDurableObjectAlarm(room as unknown as DurableObjectStub);
    const { seq } = unwrap(await room.events({ by: null, limit: 1 }));
    expect(await known()).toBe(seq);
  });
}
async function says(by: Device, id: ChatId, text: string): Promise<void> {
  expect((await send(by, id, text)).status).toBe(201);
  await told(id);
}
/** A member and their companion, and a message that waits for an answer. */
async function waitingPair(grace?: Device): Promise<{ ada: Device; grace: Device; id: ChatId }> {
  const [ada, g] = [await member(), grace ?? (await companion('Grace'))];
  const id: ChatId = idIn(await ask({ method: 'POST', path: '/chats', by: ada, body: { peerId: g.userId } }), 'chat');
  await says(ada, id, 'Good morning');
  return { ada, grace: g, id };
}
const read = async (by: Device, list: string): Promise<{ items: DeskItem[]; counts: Record<string, number>; nextCursor: string | null }> =>
  (await ask({ method: 'GET', path: `/desk?list=${list}&limit=100`, by })).json as never;
const idsIn = async (by: Device, list: string): Promise<string[]> => (await read(by, list)).items.map(({ chatId }) => chatId);
const one = (by: Device, id: ChatId) => ask({ method: 'GET', path: `/desk/${id}`, by });
const take = (by: Device, id: ChatId) => ask({ method: 'POST', path: `/desk/${id}/take`, by });
const hand = (by: Device, id: ChatId, to: string | null, note = 'She asked about the concert.') =>
  ask({ method: 'POST', path: `/desk/${id}/transfer`, by, body: { to, note } });
const wordsFor = async (by: Device, id: ChatId): Promise<string[]> => {
  const { json } = await ask({ method: 'GET', path: `/chats/${id}/events`, by });
  return ((json?.items ?? []) as { type: string; message?: { kind: string; body: { text?: string; what?: string } } }[]).flatMap(
    ({ message }) => (message ? [message.body.text ?? message.body.what ?? ''] : []),
  );
};

describe('the lists', () => {
  it('know who waits and since when, and forget them with the answer', async () => {
    const { ada, grace, id } = await waitingPair();
    const { items, counts } = await read(grace, 'waiting');
    expect(items).toMatchObject([{ chatId: id, member: { id: ada.userId }, lists: ['mine', 'waiting'], assignee: { id: grace.userId } }]);
    expect(counts).toMatchObject({ mine: 1, waiting: 1, overdue: 0 });
    const waiting = items[0]?.waiting;
    expect(Date.parse(waiting?.dueAt ?? '') - Date.parse(waiting?.since ?? '')).toBe(10 * MINUTE);
    await says(ada, id, 'Are you there?');
    expect((await read(grace, 'waiting')).items[0]?.waiting?.since).toBe(waiting?.since);
    await says(grace, id, 'Good morning, Ada');
    expect(await idsIn(grace, 'waiting')).toEqual([]);
    expect((await read(grace, 'mine')).items).toMatchObject([{ chatId: id, waiting: null, lists: ['mine'] }]);
  });

  it('put first who waits longest, page by page, and of one’s own the newest', async () => {
    const grace = await companion('Grace');
    const ids: ChatId[] = [];
    for (let n = 0; n < 3; n += 1) ids.push((await waitingPair(grace)).id);
    expect(await idsIn(grace, 'waiting')).toEqual(ids);
    expect(await idsIn(grace, 'mine')).toEqual([...ids].reverse());
    const paged: string[] = [];
    for (let cursor: unknown = ''; cursor !== null; ) {
      const { json } = await ask({ method: 'GET', path: `/desk?list=waiting&limit=1${cursor ? `&cursor=${cursor}` : ''}`, by: grace });
      paged.push(...((json?.items as DeskItem[] | undefined) ?? []).map(({ chatId }) => chatId));
      cursor = json?.nextCursor;
    }
    expect(paged).toEqual(ids);
  });

  it('follow the clock that staff set', async () => {
    const { grace, id } = await waitingPair();
    const alex = await signIn('alex');
    const set = (value: number) => ask({ method: 'PUT', path: '/admin/settings/chat.answerWithinMs', by: alex, body: { value } });
    expect(await idsIn(grace, 'overdue')).toEqual([]);
    expect((await set(100)).status).toBe(200);
    await bindings.DB.prepare('UPDATE desk_conversation SET waiting_since = waiting_since - 101 WHERE chat_id = ?').bind(id).run();
    expect((await read(grace, 'overdue')).items).toMatchObject([
      { chatId: id, waiting: { overdue: true }, lists: ['mine', 'waiting', 'overdue'] },
    ]);
    await set(600_000);
  });

  it('leave out whom a block hides', async () => {
    const { ada, grace, id } = await waitingPair();
    await block(contextNow(), { blockerId: ada.userId, blockedId: grace.userId, reason: 'other', text: null });
    expect(await read(grace, 'mine')).toMatchObject({ items: [], counts: { mine: 0, waiting: 0 } });
    expect((await one(grace, id)).status).toBe(404);
  });
});

describe('the queue', () => {
  it('gets what nobody answered in time, and tells the member; an answer out of it takes it back', async () => {
    const { ada, grace, id } = await waitingPair();
    await returnUnanswered(later(29 * MINUTE));
    expect(await idsIn(grace, 'mine')).toEqual([id]);
    await returnUnanswered(later(31 * MINUTE));
    expect(await idsIn(grace, 'mine')).toEqual([]);
    expect(await idsIn(await companion(), 'unassigned')).toContain(id);
    expect((await wordsFor(ada, id)).at(-1)).toBe('returned');
    expect((await one(grace, id)).json).toMatchObject({
      item: { assignee: null },
      moves: [{ kind: 'returned', from: { id: grace.userId }, to: null }],
    });
    // The jobs ran ahead of this clock; her answer is later than that for the desk.
    await bindings.DB.prepare('UPDATE desk_conversation SET assigned_at = 1 WHERE chat_id = ?').bind(id).run();
    await says(grace, id, 'Here I am');
    expect((await one(grace, id)).json).toMatchObject({
      item: { assignee: { id: grace.userId }, waiting: null },
      moves: [{ kind: 'answered' }, {}],
    });
  });

  it('gives a conversation to one of those who take it at once; the others learn who', async () => {
    const { grace, id } = await waitingPair();
    expect((await hand(grace, id, null)).status).toBe(200);
    const all = await Promise.all(['Eva', 'Hugo', 'Iris'].map((name) => companion(name)));
    const answers = await Promise.all(all.map((by) => take(by, id)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    const winner = (answers.find(({ status }) => status === 200)?.json?.item as DeskItem | undefined)?.assignee;
    for (const { status, json } of answers)
      if (status === 409)
        expect(json).toMatchObject({
          code: 'taken',
          detail: `Taken by ${winner?.displayName}.`,
          fields: [{ path: 'assignee', message: winner?.displayName }],
        });
    const again = all[answers.findIndex(({ status }) => status === 200)] as Device;
    expect((await take(again, id)).status).toBe(200);
    expect((await one(again, id)).json?.moves).toHaveLength(2);
  });

  it('lets a stand-in see everything from the first unanswered message on, and nothing before', async () => {
    const { ada, grace, id } = await waitingPair();
    await says(grace, id, 'Good morning');
    await says(ada, id, 'My secret is safe with you?');
    await says(grace, id, 'Of course');
    await says(ada, id, 'Is somebody there tonight?');
    await says(ada, id, 'It is about the concert');
    await hand(grace, id, null);
    const eva = await companion('Eva');
    expect((await ask({ method: 'GET', path: `/chats/${id}/events`, by: eva })).status).toBe(404);
    expect((await take(eva, id)).status).toBe(200);
    const seen = await wordsFor(eva, id);
    expect(seen.slice(0, 2)).toEqual(['Is somebody there tonight?', 'It is about the concert']);
    expect(seen.join()).not.toContain('secret');
    expect((await wordsFor(ada, id)).at(-1)).toBe('transferred');
    await says(eva, id, 'I am Eva. The concert is at seven.');
    expect((await send(grace, id, 'me too')).status).toBe(404);
    // Her own companion still finds it at the desk: who stands in for them.
    expect((await one(grace, id)).json).toMatchObject({ item: { assignee: { displayName: 'Eva' }, lists: [] } });
    expect((await one(await companion(), id)).status).toBe(404);
  });
});

describe('handing on', () => {
  it('goes with a note to somebody at work, and back to the member’s own companion with all that was said', async () => {
    const { ada, grace, id } = await waitingPair();
    const eva = await companion('Eva');
    expect((await hand(grace, id, eva.userId, 'She is waiting for the bus times.')).json?.item).toMatchObject({
      assignee: { id: eva.userId },
      lists: [],
    });
    expect((await hand(grace, id, eva.userId, 'She is waiting for the bus times.')).status).toBe(200);
    const { json } = await one(eva, id);
    expect(json?.moves).toMatchObject([
      { kind: 'transferred', from: { id: grace.userId }, to: { id: eva.userId }, note: 'She is waiting for the bus times.' },
    ]);
    expect(json?.moves).toHaveLength(1);
    await says(eva, id, 'The bus goes at ten.');
    expect((await hand(eva, id, grace.userId, 'All answered.')).status).toBe(200);
    expect(await wordsFor(grace, id)).toEqual(expect.arrayContaining(['Good morning', 'The bus goes at ten.']));
    expect((await ask({ method: 'GET', path: `/chats/${id}`, by: eva })).status).toBe(404);
    expect((await wordsFor(ada, id)).filter((word) => word === 'transferred')).toHaveLength(2);
  });

  it('is not to who is away, is blocked or is no companion, and not by who does not answer', async () => {
    const { ada, grace, id } = await waitingPair();
    const [away, blocked, hugo] = [await companion('Away', { atWork: false }), await companion('Blocked'), await companion('Hugo')];
    await block(contextNow(), { blockerId: ada.userId, blockedId: blocked.userId, reason: 'other', text: null });
    expect((await hand(grace, id, away.userId)).json?.code).toBe('callee_unavailable');
    for (const nobody of [blocked.userId, ada.userId]) expect((await hand(grace, id, nobody)).status).toBe(404);
    expect((await hand(hugo, id, hugo.userId)).json?.code).toBe('taken');
    const { json } = await ask({ method: 'GET', path: `/desk/${id}/colleagues`, by: grace });
    const offered = ((json?.items as { person: { id: string } }[] | undefined) ?? []).map(({ person }) => person.id);
    expect(offered).toContain(hugo.userId);
    for (const not of [away, blocked, grace]) expect(offered).not.toContain(not.userId);
    expect((await hand(grace, id, null)).status).toBe(200);
    expect((await hand(grace, id, hugo.userId)).status).toBe(403);
  });

  it('is seated by the job where a crash came between who answers and who sits in the room', async () => {
    const { grace, id } = await waitingPair();
    const eva = await companion('Eva');
    await bindings.DB.prepare('UPDATE desk_conversation SET assignee_id = ?, version = version + 1 WHERE chat_id = ?')
      .bind(eva.userId, id)
      .run();
    expect((await ask({ method: 'GET', path: `/chats/${id}`, by: eva })).status).toBe(404);
    await seatUnseated(later(MINUTE));
    expect((await ask({ method: 'GET', path: `/chats/${id}`, by: eva })).status).toBe(200);
    expect((await ask({ method: 'GET', path: `/chats/${id}`, by: grace })).status).toBe(404);
  });
});

describe('the list of a stand-in', () => {
  it('shows nothing of what was said before they came, from the first moment on', async () => {
    const list = async (by: Device) =>
      (await ask({ method: 'GET', path: '/chats', by })).json?.items as { id: string; last: { kind: string; text: string } | null }[];
    const { ada, grace, id } = await waitingPair();
    await says(grace, id, 'The key lies under the stone');
    expect(await list(ada)).toMatchObject([{ id, last: { text: 'The key lies under the stone' } }]);
    await hand(grace, id, null);
    const eva = await companion('Eva');
    await take(eva, id);
    // The room may have told the lists of the taking by now, or not.
    expect((await list(eva)).map(({ last }) => last?.text ?? '')).toEqual(['']);
    await told(id);
    for (const by of [ada, eva]) expect(await list(by)).toMatchObject([{ id, last: { kind: 'system', text: '' } }]);
    await says(ada, id, 'Are you there?');
    for (const by of [ada, eva]) expect(await list(by)).toMatchObject([{ id, last: { text: 'Are you there?' } }]);
  });
});

describe('who sits in the room', () => {
  const sits = async ({ userId }: Device, id: ChatId): Promise<boolean> => (await chatRoom(bindings, id).read({ by: userId })).ok;
  /** As after a crash: named, and let in, and nothing else. */
  async function halfSeated(by: Device, id: ChatId): Promise<void> {
    const version = await bindings.DB.prepare('SELECT version + 1 AS v FROM desk_conversation WHERE chat_id = ?')
      .bind(id)
      .first<number>('v');
    await bindings.DB.batch([
      bindings.DB.prepare("INSERT INTO desk_move (chat_id, version, kind, to_id, at) VALUES (?, ?, 'taken', ?, 1)").bind(
        id,
        version,
        by.userId,
      ),
      bindings.DB.prepare('UPDATE desk_conversation SET assignee_id = ?, version = ? WHERE chat_id = ?').bind(by.userId, version, id),
    ]);
    const person = { userId: by.userId, role: 'companion', ledgerShard: 0 } as const;
    unwrap(await chatRoom(bindings, id).join({ person, from: 'unanswered', now: Date.now() }));
  }

  it('is who answers and nobody else, whatever was left half done', async () => {
    const { grace, id } = await waitingPair();
    const [eva, hugo] = [await companion('Eva'), await companion('Hugo')];
    await halfSeated(eva, id);
    expect((await hand(eva, id, hugo.userId)).status).toBe(200);
    expect([await sits(grace, id), await sits(eva, id), await sits(hugo, id)]).toEqual([false, false, true]);
    expect((await ask({ method: 'GET', path: `/chats/${id}`, by: eva })).status).toBe(404);
  });

  it('is who was named last, also where an earlier one is seated late', async () => {
    const { grace, id } = await waitingPair();
    const [eva, hugo] = [await companion('Eva'), await companion('Hugo')];
    await halfSeated(eva, id);
    const seated = await Promise.all([take(eva, id), hand(eva, id, hugo.userId), take(eva, id), seatUnseated(later(MINUTE))]);
    expect(seated[1]?.status).toBe(200);
    expect([await sits(grace, id), await sits(eva, id), await sits(hugo, id)]).toEqual([false, false, true]);
  });

  it('is who sat there last where it goes to the queue', async () => {
    const { grace, id } = await waitingPair();
    const [eva, hugo] = [await companion('Eva'), await companion('Hugo')];
    await halfSeated(eva, id);
    expect((await hand(eva, id, null)).status).toBe(200);
    expect([await sits(grace, id), await sits(eva, id)]).toEqual([true, false]);
    expect((await take(hugo, id)).status).toBe(200);
    expect((await hand(hugo, id, null)).status).toBe(200);
    expect([await sits(grace, id), await sits(eva, id), await sits(hugo, id)]).toEqual([false, false, true]);
  });
});

describe('replies that are ready', () => {
  const add = (by: Device, body: object) => ask({ method: 'POST', path: '/desk-replies', by, body });
  const words = async (by: Device) =>
    (((await ask({ method: 'GET', path: '/desk-replies', by })).json?.items as { word: string; own: boolean }[] | undefined) ?? []).flatMap(
      ({ word, own }) => (atFirst.includes(word) ? [] : [[word, own]]),
    );
  /** What the house begins with, in two languages. */
  const atFirst = ['hello', 'soon', 'night', 'thanks', 'hallo', 'gleich', 'nacht', 'danke'];

  it('are one’s own, and the house’s for everybody; a word is there once in a language', async () => {
    const [grace, hugo, sam] = [await companion(), await companion(), await signIn('sam')];
    const { json: begun } = await ask({ method: 'GET', path: '/desk-replies', by: hugo });
    expect(new Set(((begun?.items ?? []) as { word: string }[]).map(({ word }) => word))).toEqual(new Set(atFirst));
    const mine = idIn(await add(grace, { word: 'Morning', text: 'Good morning, {name}!' }), 'reply');
    expect((await add(grace, { word: 'morning', text: 'Again' })).json).toMatchObject({
      code: 'validation_failed',
      fields: [{ path: 'word' }],
    });
    expect((await add(grace, { word: 'morning', language: 'de', text: 'Guten Morgen, {name}!' })).status).toBe(201);
    expect((await add(grace, { word: 'rest', text: 'x', house: true })).json?.code).toBe('forbidden');
    const house = idIn(await add(sam, { word: 'rest', text: 'We are here again at eight.', house: true }), 'reply');
    expect(await words(hugo)).toEqual([['rest', false]]);
    expect(await words(grace)).toEqual([
      ['morning', true],
      ['morning', true],
      ['rest', false],
    ]);
    const change = (by: Device, id: string, body: object) => ask({ method: 'PATCH', path: `/desk-replies/${id}`, by, body });
    expect((await change(grace, mine, { text: 'Morning!' })).json).toMatchObject({
      reply: { word: 'morning', text: 'Morning!', language: null },
    });
    expect((await change(hugo, mine, { text: 'x' })).status).toBe(404);
    expect((await change(grace, house, { text: 'x' })).json?.code).toBe('forbidden');
    expect((await change(sam, house, { text: 'We are here from eight.' })).status).toBe(200);
    expect((await ask({ method: 'DELETE', path: `/desk-replies/${house}`, by: sam })).status).toBe(204);
    const audits = await bindings.DB.prepare('SELECT count(*) AS n FROM audit_entry WHERE subject = ?').bind(house).first('n');
    expect(audits).toBe(3);
    expect(await words(hugo)).toEqual([]);
  });
});
