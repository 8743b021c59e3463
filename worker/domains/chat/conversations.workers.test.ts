/** Conversations over HTTP, past the front door, with real rooms behind them. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  aMinuteOn,
  ask,
  BASE,
  bindings,
  contextNow,
  type Device,
  idIn,
  newKey,
  settle,
  signIn,
  signInAs,
} from '../../../tests/access/town.ts';
import { newId } from '../../platform/ids.ts';
import type { ChatId, UserId } from '../../protocol/ids.ts';
import { enrol } from '../companions/service.ts';
import { noteTalk } from '../interaction/service.ts';
import { indexed } from './service.ts';

beforeAll(settle);

const member = (): Promise<Device> => signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
async function companion(): Promise<Device> {
  const device = await signInAs(`${crypto.randomUUID()}@demo.test`, 'companion');
  await enrol(contextNow(), { userId: device.userId, media: ['audio'], tier: 'standard', approved: true });
  return device;
}
const open = (by: Device, peerId: UserId) => ask({ method: 'POST', path: '/chats', by, body: { peerId } });
async function pair(): Promise<{ a: Device; g: Device; id: ChatId }> {
  const [a, g] = [await member(), await companion()];
  return { a, g, id: idIn(await open(a, g.userId), 'chat') };
}
function send(by: Device, id: ChatId, text: string, clientId: string = crypto.randomUUID()) {
  const body = { clientId, kind: 'text', body: { text } };
  return ask({ method: 'POST', path: `/chats/${id}/messages`, by, body, headers: { 'Idempotency-Key': clientId } });
}
const get = (by: Device, path: string) => ask({ method: 'GET', path, by });
describe('opening a conversation', () => {
  it('gives a pair one, whoever asks, however often and at once', async () => {
    const [a, g] = [await member(), await companion()];
    const answers = await Promise.all([open(a, g.userId), open(a, g.userId), open(a, g.userId)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const ids = answers.map((answer) => idIn(answer, 'chat'));
    expect(new Set(ids).size).toBe(1);
    expect(idIn(await open(g, a.userId), 'chat')).toBe(ids[0]);
    expect(answers[0]?.json).toMatchObject({
      chat: { peer: { id: g.userId }, seq: 0, unread: 0, last: null, pinned: false, draft: '', closed: null },
      socket: { url: `/api/v1/chats/${ids[0]}/socket` },
    });
    expect((await get(g, `/chats/${ids[0]}`)).json).toMatchObject({ chat: { peer: { id: a.userId } } });
  });

  it('is between a member and an approved companion', async () => {
    const [a, b, g] = [await member(), await member(), await companion()];
    const nobody = await signInAs(`${crypto.randomUUID()}@demo.test`, 'companion');
    for (const peer of [b.userId, a.userId, newId('usr'), nobody.userId, (await signIn('sam')).userId])
      expect((await open(a, peer)).status, peer).toBe(404);
    expect((await open(g, nobody.userId)).status).toBe(404);
  });

  it('is a companion’s to begin only with whom they know', async () => {
    const [a, b, c, g] = [await member(), await member(), await member(), await companion()];
    expect((await open(g, a.userId)).json?.code).toBe('forbidden');
    const talk = { at: 1_000, endedAt: 9_000, connectedMs: 8_000, media: 'audio' as const };
    await noteTalk(contextNow(), { callId: newId('call'), memberId: a.userId, companionId: g.userId, ...talk });
    expect((await open(g, a.userId)).status).toBe(201);
    await ask({ method: 'PUT', path: `/favorites/${g.userId}`, by: b });
    expect((await open(g, b.userId)).status).toBe(201);
    expect((await open(g, c.userId)).status).toBe(403);
  });

  it('is refused behind a block, and one that is there can be read', async () => {
    const { a, g, id } = await pair();
    const other = await companion();
    for (const who of [g, other]) await ask({ method: 'PUT', path: `/me/blocks/${who.userId}`, by: a, body: { reason: 'spam' } });
    expect((await open(a, other.userId)).json?.code).toBe('blocked');
    expect((await open(a, g.userId)).status).toBe(201);
    expect((await get(g, `/chats/${id}`)).json).toMatchObject({ chat: { closed: 'blocked' } });
    expect((await get(a, '/chats')).json).toMatchObject({ items: [{ id, closed: 'blocked' }] });
    expect((await send(g, id, 'hello?')).json?.code).toBe('blocked');
    await ask({ method: 'DELETE', path: `/me/blocks/${g.userId}`, by: a });
    expect((await send(g, id, 'hello again')).status).toBe(201);
  });

  it('goes on where a crash left a row without its room', async () => {
    const [a, g] = [await member(), await companion()];
    const id = newId('chat');
    await bindings.DB.batch([
      bindings.DB.prepare('INSERT INTO chat (id, member_id, companion_id, created_at) VALUES (?, ?, ?, 1)').bind(id, a.userId, g.userId),
      ...[a, g].map(({ userId }) =>
        bindings.DB.prepare('INSERT INTO chat_member (user_id, chat_id, joined_at, newest_at) VALUES (?, ?, 1, 1)').bind(userId, id),
      ),
    ]);
    expect((await send(a, id, 'is anybody there?')).status).toBe(201);
    expect(idIn(await open(g, a.userId), 'chat')).toBe(id);
  });

  it('is for its people alone', async () => {
    const { id } = await pair();
    const stranger = await companion();
    for (const path of ['', '/events', '/search?q=x']) expect((await get(stranger, `/chats/${id}${path}`)).status, path).toBe(404);
    expect((await send(stranger, id, 'let me in')).status).toBe(404);
    expect((await ask({ method: 'PATCH', path: `/chats/${id}`, by: stranger, body: { pinned: true } })).status).toBe(404);
    const { ticket } = (await ask({ method: 'POST', path: '/tickets', by: stranger, body: { scope: `chat:${id}` } })).json as {
      ticket: string;
    };
    const answer = await ask({
      ...{ method: 'GET', path: `/chats/${id}/socket`, base: BASE },
      headers: { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': `hearthline.v1, ticket.${ticket}` },
    });
    expect(answer.status).toBe(404);
  });
});

describe('a message over HTTP', () => {
  it('is named by its key, and again gives the same', async () => {
    const { a, id } = await pair();
    const clientId = crypto.randomUUID();
    const first = await send(a, id, 'Good morning', clientId);
    expect([first.status, (await send(a, id, 'Good morning', clientId)).json]).toEqual([201, first.json]);
    expect((await send(a, id, 'Good evening', clientId)).json?.code).toBe('idempotency_conflict');
    const body = { clientId: crypto.randomUUID(), kind: 'text', body: { text: 'x' } };
    const other = await ask({ method: 'POST', path: `/chats/${id}/messages`, by: a, body, headers: newKey() });
    expect(other.json).toMatchObject({ code: 'validation_failed', fields: [{ path: 'Idempotency-Key' }] });
    const events = await get(a, `/chats/${id}/events`);
    expect(((events.json?.items ?? []) as { type: string }[]).filter(({ type }) => type === 'message')).toHaveLength(1);
  });

  it('comes into both lists with its words in short, and counts as unread for the other', async () => {
    const { a, g, id } = await pair();
    await send(a, id, `Long ${'ago '.repeat(100)}`);
    await aMinuteOn(id);
    const list = (await get(g, '/chats')).json as { items: { last: { text: string } }[] };
    expect(list).toMatchObject({ unread: 1, items: [{ id, unread: 1, seq: 1, last: { sender: a.userId, kind: 'text' } }] });
    expect([...(list.items[0]?.last.text ?? '')]).toHaveLength(140);
    expect((await get(a, '/chats')).json).toMatchObject({ unread: 0, items: [{ unread: 0 }] });
  });
});

describe('the list', () => {
  it('has pinned ones first, then the newest, page by page', async () => {
    const a = await member();
    const ids: ChatId[] = [];
    for (let n = 0; n < 4; n += 1) {
      const id = idIn<ChatId>(await open(a, (await companion()).userId), 'chat');
      await send(a, id, `message ${n}`);
      await aMinuteOn(id);
      ids.push(id);
    }
    const [first = '', second, third, fourth] = ids;
    await ask({ method: 'PATCH', path: `/chats/${first}`, by: a, body: { pinned: true } });
    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = (await get(a, `/chats?limit=3${cursor && `&cursor=${cursor}`}`)).json as {
        items: { id: string }[];
        nextCursor: string | null;
      };
      pages.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(pages).toEqual([first, fourth, third, second]);
  });

  it('keeps ten pinned ones at most, also when two come at once', async () => {
    const a = await member();
    const ids: ChatId[] = [];
    for (let n = 0; n < 11; n += 1) ids.push(idIn(await open(a, (await companion()).userId), 'chat'));
    const pin = (id: ChatId) => ask({ method: 'PATCH', path: `/chats/${id}`, by: a, body: { pinned: true } });
    for (const id of ids.slice(0, 9)) expect((await pin(id)).status).toBe(200);
    const both = await Promise.all(ids.slice(9).map(pin));
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    // What is pinned already may be pinned again.
    expect((await pin(ids[0] as ChatId)).status).toBe(200);
  });

  it('keeps what somebody began to write, for them alone', async () => {
    const { a, g, id } = await pair();
    expect((await ask({ method: 'PATCH', path: `/chats/${id}`, by: a, body: { draft: 'Dear G' } })).json).toMatchObject({
      chat: { draft: 'Dear G' },
    });
    expect((await get(a, '/chats')).json).toMatchObject({ items: [{ draft: 'Dear G' }] });
    expect((await get(g, `/chats/${id}`)).json).toMatchObject({ chat: { draft: '' } });
  });

  it('takes news in any order and any number of times', async () => {
    const { a, g, id } = await pair();
    const news = (seq: number, unread: number) => ({
      ...{ chatId: id, seq, at: seq * 1000, last: null, waitingSince: null },
      people: [a, g].map(({ userId }) => ({ userId, readSeq: seq, unread, newestAt: seq * 1000 })),
    });
    for (const [seq, unread] of [
      [5, 2],
      [9, 1],
      [5, 2],
      [9, 1],
      [3, 7],
    ] as const)
      await indexed(contextNow(), news(seq, unread));
    expect((await get(a, '/chats')).json).toMatchObject({ items: [{ seq: 9, readSeq: 9, unread: 1 }] });
    // Who is not among its people any more has left, and who is there again is back.
    await indexed(contextNow(), { ...news(12, 0), people: [{ userId: a.userId, readSeq: 0, unread: 0, newestAt: 1 }] });
    expect([(await get(g, '/chats')).json?.items, (await get(g, `/chats/${id}`)).status]).toEqual([[], 404]);
    await indexed(contextNow(), news(13, 0));
    expect((await get(g, `/chats/${id}`)).status).toBe(200);
  });
});

describe('finding', () => {
  it('looks through one conversation and through all, with the people, and never through others’', async () => {
    const a = await member();
    const [g, h] = [await companion(), await companion()];
    await ask({ method: 'PATCH', path: '/me', by: g, body: { public: { displayName: 'Märta Ålund' } } });
    const [one, two] = [idIn<ChatId>(await open(a, g.userId), 'chat'), idIn<ChatId>(await open(a, h.userId), 'chat')];
    await send(a, one, 'We planted tomatoes');
    await send(g, one, 'Tomatoes, in March?');
    await send(h, two, 'tomatillo soup');
    const stranger = await pair();
    await send(stranger.a, stranger.id, 'tomatoes of others');
    for (const id of [one, two, stranger.id]) await aMinuteOn(id);

    const here = (await get(a, `/chats/${one}/search?q=toma&limit=1`)).json as {
      items: { message: { body: { text: string } } }[];
      nextCursor: string;
    };
    expect(here.items.map(({ message }) => message.body.text)).toEqual(['Tomatoes, in March?']);
    const next = (await get(a, `/chats/${one}/search?q=toma&limit=1&cursor=${here.nextCursor}`)).json as typeof here;
    expect(next.items.map(({ message }) => message.body.text)).toEqual(['We planted tomatoes']);

    const all = (await get(a, '/chat-search?q=toma')).json as typeof here & { complete: boolean };
    expect(all.items.map(({ message }) => message.body.text)).toEqual(['tomatillo soup', 'Tomatoes, in March?', 'We planted tomatoes']);
    expect(all.complete).toBe(true);
    expect((await get(a, '/chat-search?q=marta')).json).toMatchObject({ people: [{ chatId: one, peer: { id: g.userId } }] });
    expect((await get(stranger.g, '/chat-search?q=toma')).json).toMatchObject({ items: [{ chatId: stranger.id }] });
  });

  it('says where it did not look everywhere', async () => {
    const { a, id } = await pair();
    const rows = Array.from({ length: 50 }, () => newId('chat'));
    for (const row of rows)
      await bindings.DB.batch([
        bindings.DB.prepare('INSERT INTO chat (id, member_id, companion_id, created_at) VALUES (?1, ?2, ?1, 1)').bind(row, a.userId),
        bindings.DB.prepare('INSERT INTO chat_member (user_id, chat_id, joined_at, newest_at) VALUES (?, ?, 1, 1)').bind(a.userId, row),
      ]);
    await send(a, id, 'a needle');
    await aMinuteOn(id);
    expect((await get(a, '/chat-search?q=needle')).json).toMatchObject({ items: [{ chatId: id }], complete: false });
  });
});

describe('favourite messages', () => {
  it('are one’s own, newest favourite first, and taken away again', async () => {
    const { a, g, id } = await pair();
    const sent = [await send(a, id, 'one'), await send(g, id, 'two'), await send(g, id, 'three')].map((answer) => idIn(answer, 'message'));
    const mark = (method: 'PUT' | 'DELETE', n: number) => ask({ method, path: `/chats/${id}/messages/${sent[n]}/favourite`, by: a });
    for (const n of [1, 0, 1]) expect((await mark('PUT', n)).status).toBe(204);
    const kept = async (by: Device) =>
      (((await get(by, '/favourite-messages')).json?.items ?? []) as { message: { body: { text: string } } }[]).map(
        ({ message }) => message.body.text,
      );
    expect((await kept(a)).toSorted()).toEqual(['one', 'two']);
    expect(await kept(g)).toEqual([]);
    expect((await mark('DELETE', 1)).status).toBe(204);
    expect(await kept(a)).toEqual(['one']);
    expect((await ask({ method: 'PUT', path: `/chats/${id}/messages/${newId('msg')}/favourite`, by: a })).status).toBe(404);
  });
});
