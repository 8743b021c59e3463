/**
 * Bad frames in a conversation, drawn from a seed, as many as FUZZ_COUNT says (`npm run fuzz -- --count N`): after each
 * batch the room answers, holds what it held before, and nobody else was sent anything.
 */
import { env, runInDurableObject } from 'cloudflare:test';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { safeParse } from 'zod/mini';
import type { ChatDown } from '../../worker/protocol/chat/down.ts';
import { closeCodes, errorFrame } from '../../worker/protocol/errors.ts';
import * as chats from '../../worker/protocol/http/chats.ts';
import type { Endpoint } from '../../worker/protocol/http/endpoint.ts';
import type { ChatId, UserId } from '../../worker/protocol/ids.ts';
import { MAX_BAD_FRAMES } from '../../worker/protocol/sockets.ts';
import { absentId, aMinuteOn, ask, bindings, countRows, type Device, idIn, newKey, settle, signIn } from '../access/town.ts';
import { Random } from '../simulation/random.ts';
import { badFrames, goodFrames, type Ids } from './frames.ts';
import { mutationsOf } from './mutations.ts';
import { type Frame, open, type Socket, ticketFor } from './socket.ts';

const { FUZZ_COUNT, FUZZ_SEED } = env as unknown as { FUZZ_COUNT: string; FUZZ_SEED: string };
const count = Number(FUZZ_COUNT);
const BATCH = 100;
/** Of so many batches one looks into the databases too. */
const LOOK_EVERY = 10;
/** Bad frames in a row that a socket surely survives. */
const IN_A_ROW = MAX_BAD_FRAMES - 3;

// Tens of thousands of frames: a busy machine may take its time.
vi.setConfig({ testTimeout: 120_000 + count * 200, hookTimeout: 120_000 });
/** A frame that nobody complains about is told of by name, ms. */
const SILENCE_MS = 60_000;

let ada: Device;
let grace: Device;
let hugo: Device;
let chat: ChatId;
let ids: Ids;

async function chatOf(member: Device, peerId: UserId): Promise<ChatId> {
  return idIn(await ask({ method: 'POST', path: '/chats', by: member, body: { peerId } }), 'chat');
}

async function enter(by: Device, id: ChatId = chat): Promise<{ socket: Socket; welcome: Frame }> {
  const socket = await open(`/chats/${id}/socket`, await ticketFor(by, `chat:${id}`));
  return { socket, welcome: await greet(socket) };
}

/** Says hello, and that what came with the welcome is there: a device that never says so is closed in the end. */
async function greet(socket: Socket): Promise<Frame> {
  socket.send({ type: 'hello', lastSeq: 0 });
  const closed = socket.closed.then((code): never => {
    throw new Error(`the socket was closed with ${code}`);
  });
  const welcome = await Promise.race([socket.next(({ type }) => type === 'welcome'), closed]);
  if (welcome.seq !== 0) socket.send({ type: 'delivered', seq: welcome.seq });
  return welcome;
}

async function say(by: Device, id: ChatId, clientId: string, text: string): Promise<string> {
  const body = { kind: 'text', clientId, body: { text } };
  const answer = await ask({ method: 'POST', path: `/chats/${id}/messages`, by, body, headers: { 'Idempotency-Key': clientId } });
  return idIn(answer, 'message');
}

const roomOf = (id: ChatId): DurableObjectStub => (bindings.CHAT_ROOM as unknown as DurableObjectNamespace).getByName(id);

/** Everything that an object holds, but what remembers its visitors and its deadlines. */
function contents(id: ChatId): Promise<string> {
  return runInDurableObject(roomOf(id), (_room, { storage }) => {
    const names = storage.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
      .toArray()
      .map(({ name }) => name)
      .filter((name) => !['spent_ticket', 'alarm', 'words'].includes(name));
    // Who has sockets there comes and goes with the sockets, a moment later.
    const rowsOf = (name: string) =>
      storage.sql
        .exec(`SELECT * FROM "${name}"`)
        .toArray()
        .map(({ registered: _here, ...row }) => row);
    return JSON.stringify(names.map((name) => [name, rowsOf(name)]));
  });
}

/** What the room holds once it has done what it had put off. */
async function quiet(id: ChatId): Promise<string> {
  await aMinuteOn(id);
  return contents(id);
}

async function heard<T>(answer: Promise<T>, told: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer to ${told}`)), SILENCE_MS);
  });
  return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
}

function expectComplaint(answer: unknown, what: string): void {
  expect(safeParse(errorFrame, answer).success, `${what}: ${JSON.stringify(answer)}`).toBe(true);
  expect(JSON.stringify(answer), what).not.toMatch(/SQLITE|\bat \w+ \(|\.ts:\d+/);
}

beforeAll(async () => {
  await settle();
  [ada, grace, hugo] = [await signIn('ada'), await signIn('grace'), await signIn('hugo')];
  chat = await chatOf(ada, grace.userId);
  const other = await chatOf(await signIn('ben'), hugo.userId);
  ids = {
    own: await say(ada, chat, 'fuzz-first', 'The first one'),
    theirs: await say(grace, chat, 'fuzz-theirs', 'Theirs'),
    elsewhere: await say(hugo, other, 'fuzz-elsewhere', 'Elsewhere'),
    absent: absentId('msg'),
    absentMedia: absentId('cmd'),
  };
  await quiet(other);
});

describe('bad frames in a conversation', () => {
  it(`are refused, ${count} of them, seed ${FUZZ_SEED}: nothing is stored and nobody else hears of it`, async () => {
    const others = [(await enter(grace)).socket, (await enter(ada)).socket];
    let { socket, welcome } = await enter(ada);
    // What everybody has is noted once, and what the room has to tell of that is told, before anything is compared.
    await quiet(chat);
    welcome = await greet(socket);
    for (const other of others) {
      await greet(other);
      other.unasked();
    }
    socket.unasked();
    const before = { room: await quiet(chat), rows: await countRows() };
    const frames = badFrames(new Random(FUZZ_SEED), ids);
    for (let n = 1; n <= count; n++) {
      const { what, data } = frames.next().value;
      const told = `frame ${n}, seed ${FUZZ_SEED}, ${what}: ${typeof data === 'string' ? JSON.stringify(data.slice(0, 200)) : 'binary'}`;
      const answer = await heard(socket.complaint(data), told);
      if (answer.type === 'closed') ({ socket } = await heard(enter(ada), told));
      else expectComplaint(answer, told);
      // A good frame between them, so that the socket is not closed for bad ones in a row.
      if (n % IN_A_ROW === 0) expect(await heard(greet(socket), told), told).toEqual(welcome);
      if (n % BATCH === 0 || n === count) {
        for (const other of others) {
          expect(await heard(greet(other), told), told).toMatchObject({ epoch: welcome.epoch, seq: welcome.seq });
          expect(other.unasked(), told).toEqual([]);
        }
        expect(await contents(chat), told).toBe(before.room);
      }
      if (n % (BATCH * LOOK_EVERY) === 0 || n === count) {
        expect(await countRows(), told).toEqual(before.rows);
        console.log(`${n} of ${count} frames refused`);
      }
    }
    // And it lives: a good message comes to everybody.
    socket.send({ type: 'message.send', message: { kind: 'text', clientId: 'fuzz-after', body: { text: 'Still here' } } });
    await socket.next(({ type }) => type === 'message.ack');
    for (const other of others) await other.next(({ type, items }) => type === 'events' && JSON.stringify(items).includes('Still here'));
    for (const each of [socket, ...others]) each.close();
  });

  it('are refused before hello, the good ones too', async () => {
    const [other, before] = [(await enter(grace)).socket, await quiet(chat)];
    const early = goodFrames(ids).filter((frame) => (frame as ChatDown).type !== ('hello' as string));
    const { length } = early;
    for (let from = 0; from < length; from += IN_A_ROW) {
      const socket = await open(`/chats/${chat}/socket`, await ticketFor(ada, `chat:${chat}`));
      for (const frame of early.slice(from, from + IN_A_ROW)) expectComplaint(await socket.complaint(frame), JSON.stringify(frame));
      socket.close();
    }
    await greet(other);
    expect(other.unasked()).toEqual([]);
    expect(await contents(chat)).toBe(before);
    other.close();
  });

  it('that stay bad end the socket, and no other', async () => {
    const [other, mine] = [(await enter(ada)).socket, (await enter(ada)).socket];
    for (let n = 0; n <= MAX_BAD_FRAMES; n++) mine.send('{');
    expect(await mine.closed).toBe(closeCodes.bad_frame);
    await greet(other);
    other.close();
  });

  it('that come in a flood are refused, then end the socket', async () => {
    const root = await signIn('root');
    const limit = (value: number | null) => ask({ method: 'PUT', path: '/admin/settings/chat.framesPerSecond', by: root, body: { value } });
    expect((await limit(5)).status).toBe(200);
    const other = await chatOf(await signIn('cora'), grace.userId);
    const { socket } = await enter(await signIn('cora'), other);
    // All in one moment, however long it takes here.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    for (let n = 0; n < 2_000; n++) socket.send({ type: 'typing', typing: true });
    expectComplaint(await socket.next(({ type }) => type === 'error'), 'a flood');
    expect(await socket.closed).toBe(closeCodes.rate_limited);
    vi.useRealTimers();
    expect((await limit(null)).status).toBe(200);
  });
});

describe('bad bodies at the addresses of a conversation', () => {
  const total = Math.ceil(count / 10);
  const bodies = (): readonly { method: string; path: string; schema: Endpoint['body']; body: object; key?: true }[] => [
    { method: 'POST', path: '/chats', schema: chats.openChat.body, body: { peerId: hugo.userId } },
    { method: 'PATCH', path: `/chats/${chat}`, schema: chats.changeChat.body, body: { pinned: true, draft: 'a' } },
    {
      method: 'POST',
      path: `/chats/${chat}/messages`,
      schema: chats.sendMessage.body,
      body: { kind: 'text', clientId: 'fuzz-http-1', replyTo: ids.theirs, body: { text: 'a' } },
      key: true,
    },
    { method: 'POST', path: `/chats/${chat}/media`, schema: chats.askUpload.body, body: { kind: 'image', type: 'image/png', bytes: 100 } },
    {
      method: 'POST',
      path: `/chats/${chat}/reports`,
      schema: chats.reportChat.body,
      body: { reason: 'spam', messageId: ids.theirs, text: 'a' },
    },
  ];

  it(`are refused, ${total} of them, seed ${FUZZ_SEED}, and nothing is stored`, async () => {
    const random = new Random(`${FUZZ_SEED}/http`);
    const before = { room: await quiet(chat), rows: await countRows() };
    const all = bodies().map((each) => ({ ...each, bad: [...mutationsOf(each.body)] }));
    for (let n = 0; n < total; ) {
      const { method, path, schema, body, key, bad } = random.pick(all);
      const good = JSON.stringify(body);
      const text = random.chance(0.7)
        ? JSON.stringify(random.pick(bad).value)
        : random.pick([
            good.slice(0, random.int(1, good.length - 1)),
            `[${good}]`,
            good + good,
            '['.repeat(random.int(1, 20_000)),
            good.replace('{', '{"surplus":1,'),
          ]);
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch {
        parsed = undefined;
      }
      if (schema === undefined || (parsed !== undefined && safeParse(schema, parsed).success)) continue;
      n += 1;
      const answer = await ask({ method, path, by: ada, body: text, headers: key ? newKey() : {} });
      const told = `${method} ${path} ${text.slice(0, 200)}: ${answer.status} ${answer.text.slice(0, 200)}`;
      expect(answer.status, told).toBeGreaterThanOrEqual(400);
      expect(answer.status, told).toBeLessThan(500);
      expect(answer.text, told).not.toMatch(/SQLITE|D1_ERROR|\bat \w+ \(|\.ts:\d+/);
    }
    expect(await contents(chat)).toBe(before.room);
    expect(await countRows()).toEqual(before.rows);
  });
});

afterAll(() => vi.useRealTimers());
