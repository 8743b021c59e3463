import { describe, expect, test } from 'vitest';
import type { Chat } from '../../../worker/protocol/http/chats.ts';
import { FakeClock, settle } from '../fake-clock.ts';
import { FakeServer } from '../fake-server.ts';
import { Chats } from './chats.ts';
import { Drafts } from './drafts.ts';
import { ada, chatId, drawer, FakeRoom, grace, moment } from './fake-room.ts';
import type { Letter, Wish } from './letters.ts';
import { ChatList } from './list.ts';

const other = chatId.replace(/1$/, '2') as Chat['id'];
const chat = (id: Chat['id'], change: Partial<Chat> = {}): Chat => ({
  id,
  peer: { id: grace, displayName: 'Grace', portrait: null },
  createdAt: moment(0),
  seq: 5,
  readSeq: 5,
  unread: 0,
  last: { sender: grace, kind: 'text', text: 'Hello', at: moment(5) },
  pinned: false,
  draft: '',
  closed: null,
  ...change,
});

/** Conversations as a server has them. */
function house(...chats: Chat[]) {
  const all = new Map(chats.map((each) => [each.id, each]));
  const server = new FakeServer(({ path }) => {
    const [, id] = /^\/chats\/(\w+)$/.exec(path) ?? [];
    const one = id && all.get(id as Chat['id']);
    if (one) return { body: { chat: one, socket: { url: '' } } };
    if (!path.startsWith('/chats?')) return undefined;
    const items = [...all.values()];
    return { body: { items, nextCursor: null, unread: items.reduce((sum, { unread }) => sum + unread, 0) } };
  });
  return { all, server };
}

const moved = (chatSeq: number, unread: number, at = chatSeq) => ({
  chatId,
  peerId: grace,
  chatSeq,
  readSeq: 0,
  unread,
  message: { sender: grace, kind: 'text', at: moment(at) },
});

const ready = (list: ChatList) => {
  const view = list.view.get();
  if (view.status !== 'ready') throw new Error(`the list is ${view.status}`);
  return view;
};

describe('the list', () => {
  test('stands pinned ones first, then the newest, and follows what the hub tells', async () => {
    const { all, server } = house(chat(chatId), chat(other, { last: { sender: grace, kind: 'text', text: 'Later', at: moment(9) } }));
    const list = new ChatList(server.api);
    await settle();
    expect(ready(list).items.map(({ id }) => id)).toEqual([other, chatId]);

    const news = chat(chatId, { seq: 8, unread: 2, last: { sender: grace, kind: 'text', text: 'News', at: moment(12) } });
    all.set(chatId, news);
    list.moved(moved(8, 2, 12));
    expect(ready(list).unread, 'the count is right before anything is read').toBe(2);
    await settle();
    expect(ready(list)).toMatchObject({ unread: 2, items: [{ id: chatId, last: { text: 'News' } }, { id: other }] });

    list.moved(moved(7, 9));
    expect(ready(list).unread, 'what is older than known counts no more').toBe(2);
    const asked = server.asked.length;
    list.moved(moved(9, 0, 12));
    expect(ready(list).unread, 'another device has read').toBe(0);
    expect(server.asked.length, 'nothing new was written, so nothing is fetched').toBe(asked);
    list.changed({ ...chat(other, { pinned: true }) });
    expect(ready(list).items[0]?.id).toBe(other);
  });

  test('a conversation that it does not know is read with all others', async () => {
    const { all, server } = house();
    const list = new ChatList(server.api);
    await settle();
    all.set(chatId, chat(chatId, { unread: 1 }));
    list.moved(moved(1, 1));
    await settle();
    expect(ready(list)).toMatchObject({ unread: 1, items: [{ id: chatId }] });
  });

  test('where it can’t be read it says so, and what was shown stays', async () => {
    const { server } = house(chat(chatId));
    const list = new ChatList(server.api);
    await settle();
    server.answerWith(() => ({ status: 502, body: 'x' }));
    await list.read();
    expect(ready(list).items).toHaveLength(1);
    const late = new ChatList(server.api);
    await settle();
    expect(late.view.get().status).toBe('failed');
  });
});

describe('drafts', () => {
  test('are kept on the device at once and on the server after a pause, which then counts', async () => {
    const clock = new FakeClock();
    const kept = drawer<string>();
    const saved: unknown[] = [];
    const server = new FakeServer(({ method, body }) => {
      if (method !== 'PATCH') return undefined;
      saved.push(body);
      return { body: { chat: chat(chatId, { draft: 'Dear Grace' }) } };
    });
    const make = () => new Drafts({ api: server.api, clock, drafts: kept, onSaved: ({ draft }) => saved.push(draft) });
    const drafts = make();
    drafts.write(chatId, 'Dear');
    await clock.advance(1_000);
    drafts.write(chatId, 'Dear Grace');
    expect(make().of(chatId), 'after a reload').toBe('Dear Grace');
    expect(saved).toEqual([]);
    await clock.advance(1_500);
    expect(saved).toEqual([{ draft: 'Dear Grace' }, 'Dear Grace']);
    expect(drafts.of(chatId)).toBe('Dear Grace');
    expect(make().of(chatId), 'after a reload the server’s counts').toBeNull();

    server.answerWith(() => ({ status: 502, body: 'x' }));
    drafts.write(chatId, 'Dear Grace, thank you');
    drafts.leave();
    await settle();
    expect(make().of(chatId)).toBe('Dear Grace, thank you');
  });
});

describe('open rooms', () => {
  const setUp = (letters = drawer<Letter>()) => {
    const clock = new FakeClock();
    const fake = new FakeRoom();
    const chats = new Chats({
      api: fake.server.api,
      clock,
      open: fake.server.open,
      me: ada,
      letters,
      wishes: drawer<Wish>(),
      drafts: drawer<string>(),
      bytes: { put: async () => undefined, get: async () => null, remove: async () => undefined },
      upload: async () => 'cmd_00000000000000000000000001',
      newId: () => crypto.randomUUID(),
    });
    return { fake, chats };
  };

  test('two lookers share one; it closes with the last of them', async () => {
    const { fake, chats } = setUp();
    const room = chats.look(chatId);
    expect(chats.look(chatId)).toBe(room);
    await fake.accept();
    chats.release(chatId, room);
    expect(fake.server.socket.closed).toBe(false);
    chats.release(chatId, room);
    expect(fake.server.socket.closed).toBe(true);
  });

  test('what was written stays with its room until it is sent, though nobody looks any more', async () => {
    const { fake, chats } = setUp();
    const room = chats.look(chatId);
    await fake.accept();
    const view = room.view.get();
    if (view.status === 'open') view.acts.send({ kind: 'text', text: 'Hello' });
    chats.release(chatId, room);
    expect(fake.server.socket.closed).toBe(false);
    await fake.answer();
    expect(fake.server.socket.closed).toBe(true);
    expect(fake.seq).toBe(1);
  });

  test('a new page sends what an earlier one left', async () => {
    const letter: Letter = {
      clientId: 'letter-1',
      chatId,
      writtenAt: 1,
      replyTo: null,
      draft: { kind: 'text', text: 'Hello' },
      mediaId: null,
      refused: null,
    };
    const { fake } = setUp(drawer<Letter>(new Map([['letter-1', letter]])));
    await fake.accept();
    expect(fake.seq).toBe(1);
    expect(fake.server.socket.closed).toBe(true);
  });
});
