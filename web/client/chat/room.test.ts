import { cpuUsage } from 'node:process';
import { describe, expect, test } from 'vitest';
import { FakeClock, settle } from '../fake-clock.ts';
import { type Answering, problemOf } from '../fake-server.ts';
import { NoAnswer } from '../problem.ts';
import { ada, chatId, drawer, FakeRoom, grace, messageId, moment, text, written } from './fake-room.ts';
import type { Bytes, Draft, Letter, Wish } from './letters.ts';
import { type Answerable, type Editable, mayAnswer, mayEdit, mayRemove, type Removable, usualWindows } from './permitted.ts';
import { Room, type RoomOptions, UNDO_MS } from './room.ts';
import { type OpenRoom, wished } from './view.ts';

const photo: Draft = {
  kind: 'image',
  file: { type: 'image/jpeg', bytes: 3, durationMs: null, width: 4, height: 3 },
  alt: 'A cat',
  caption: '',
};

function setUp(given: { letters?: Letter[]; wishes?: Wish[]; also?: Answering; upload?: RoomOptions['upload']; talk?: number } = {}) {
  const clock = new FakeClock();
  const fake = new FakeRoom(given.also);
  fake.talk(given.talk ?? 0);
  const letters = drawer<Letter>(new Map(given.letters?.map((letter) => [letter.clientId, letter])));
  const wishes = drawer<Wish>(new Map(given.wishes?.map((wish) => [wish.id, wish])));
  const kept = new Map<string, Blob>();
  const bytes: Bytes = {
    put: async (id, blob) => void kept.set(id, blob),
    get: async (id) => kept.get(id) ?? null,
    remove: async (id) => void kept.delete(id),
  };
  let made = 0;
  const begin = (): Room =>
    new Room({
      api: fake.server.api,
      clock,
      open: fake.server.open,
      me: ada,
      chatId,
      letters,
      wishes,
      bytes,
      upload: given.upload ?? (async () => 'cmd_00000000000000000000000001'),
      newId: () => `letter-${++made}`,
    });
  const room = begin();
  return { clock, fake, letters, wishes, kept, room, begin };
}

const open = (room: Room): OpenRoom => {
  const view = room.view.get();
  if (view.status !== 'open') throw new Error(`the room is ${view.status}`);
  return view;
};
const said = (room: Room): unknown[] => open(room).span.messages.map(({ body }) => body && 'text' in body && body.text);
const sent = (fake: FakeRoom, type: string) => fake.server.socket.frames.filter((frame) => frame.type === type);

describe('the sequence', () => {
  test('a first visit says hello with nothing, shows what comes, and tells that it came', async () => {
    const { fake, room } = setUp({ talk: 2 });
    expect(room.view.get().status).toBe('opening');
    await fake.accept();
    expect(fake.server.asked[0]).toMatchObject({ path: '/tickets', body: { scope: `chat:${chatId}` } });
    expect(fake.server.socket.frames).toEqual([
      { type: 'hello', lastSeq: 0 },
      { type: 'delivered', seq: 2 },
    ]);
    expect(said(room)).toEqual(['words 1', 'words 2']);
    expect(open(room)).toMatchObject({ link: 'live', older: 'none' });
  });

  test('at whatever event it was cut, it goes on where it was', async () => {
    for (let cut = 0; cut <= 6; cut += 1) {
      const { clock, fake, room } = setUp({ talk: cut });
      await fake.accept();
      fake.server.socket.drop();
      expect(open(room).link).toBe('away');
      fake.talk(6 - cut);
      await clock.advance(1_000);
      await fake.accept();
      expect(fake.server.socket.frames[0]).toEqual({ type: 'hello', epoch: 'e1', lastSeq: cut });
      expect(said(room)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `words ${n}`));
      room.close();
    }
  });

  test('a gap is fetched over HTTP in pages, and nothing after it is shown before', async () => {
    const { clock, fake, room } = setUp({ talk: 3 });
    await fake.accept();
    fake.server.socket.drop();
    fake.talk(500);
    fake.tail = 10;
    await clock.advance(1_000);
    const seen: number[] = [];
    const stop = room.view.watch(() => {
      const { span } = open(room);
      seen.push(span.last);
      expect(span.messages).toHaveLength(span.last);
    });
    await fake.accept();
    stop();
    expect(open(room).span.last).toBe(503);
    expect([...new Set(seen)]).toEqual([3, 203, 403, 503]);
    expect(open(room).link).toBe('live');
  });

  test('a first visit to a long conversation begins with its end; older pages join it down to the beginning', async () => {
    const fetched: string[] = [];
    const { fake, room } = setUp({ talk: 130, also: ({ path }) => void (path.includes('/events') && fetched.push(path)) });
    fake.tail = 20;
    await fake.accept();
    expect(open(room)).toMatchObject({ older: 'more', span: { first: 111, last: 130 } });
    expect(fetched).toEqual([]);
    open(room).acts.older();
    open(room).acts.older();
    expect(open(room).older).toBe('loading');
    await settle();
    expect(open(room).span.first).toBe(11);
    open(room).acts.older();
    await settle();
    expect(open(room)).toMatchObject({ older: 'none', span: { first: 1 } });
    expect(fetched).toHaveLength(2);
    expect(said(room)).toHaveLength(130);
  });

  test('with very much missing, it begins anew with the end instead of fetching all of it', async () => {
    const { clock, fake, room } = setUp({ talk: 3 });
    await fake.accept();
    fake.server.socket.drop();
    fake.talk(1_500);
    fake.tail = 10;
    await clock.advance(1_000);
    await fake.accept();
    expect(open(room)).toMatchObject({ link: 'live', older: 'more', span: { first: 1_494, last: 1_503 } });
  });

  test('a live frame that leaves a hole waits until the hole is filled', async () => {
    const { fake, room } = setUp({ talk: 1 });
    await fake.accept();
    fake.talk(1);
    fake.happen((seq) => written(text(seq, grace, 'third')));
    expect(said(room)).toEqual(['words 1']);
    expect(open(room).link).toBe('catching_up');
    await settle();
    expect(said(room)).toEqual(['words 1', 'words 2', 'third']);
  });

  test('where fetching fails it is tried again', async () => {
    let broken = true;
    const { clock, fake, room } = setUp({
      talk: 1,
      also: ({ path }) => (broken && path.includes('/events') ? { status: 502, body: 'x' } : undefined),
    });
    await fake.accept();
    fake.talk(1);
    fake.happen((seq) => written(text(seq, grace, 'third')));
    await settle();
    expect(open(room).span.last).toBe(1);
    broken = false;
    await clock.advance(2_000);
    expect(open(room).span.last).toBe(3);
  });

  test('another storage: the copy is thrown away', async () => {
    const { clock, fake, room } = setUp({ talk: 5 });
    await fake.accept();
    fake.server.socket.drop();
    fake.epoch = 'e2';
    fake.events = [];
    fake.talk(2, ada);
    await clock.advance(1_000);
    await fake.accept();
    expect(said(room)).toEqual(['words 1', 'words 2']);
  });

  test('a storage that was set back counts; a hello that was not taken is said again', async () => {
    const { clock, fake, room } = setUp({ talk: 5 });
    await fake.accept();
    fake.server.socket.drop();
    fake.events = fake.events.slice(0, 2);
    await clock.advance(1_000);
    await fake.acceptSilently();
    fake.server.socket.tell({ type: 'error', code: 'rate_limited', message: '' });
    await clock.advance(1_000);
    expect(sent(fake, 'hello')).toHaveLength(2);
    await fake.answer();
    expect(said(room)).toEqual(['words 1', 'words 2']);
    expect(open(room).span.last).toBe(2);
  });

  test('an old message is shown with what is around it, apart, until the pages between have come', async () => {
    const { fake, room } = setUp({ talk: 300 });
    fake.tail = 20;
    await fake.accept();
    await open(room).acts.jump(110);
    expect(open(room).past).toMatchObject({ first: 31, last: 130 });
    expect(open(room).span.first).toBe(281);
    fake.happen((seq) => ({ type: 'edited', seq, at: moment(seq), by: grace, messageId: messageId(110), body: { text: 'new' } }));
    expect(open(room).past?.messages.find(({ seq }) => seq === 110)).toMatchObject({ body: { text: 'new' } });
    open(room).acts.older();
    await settle();
    expect(open(room)).toMatchObject({ older: 'none', past: { first: 1 } });
    open(room).acts.newer();
    await settle();
    expect(open(room).past?.last).toBe(230);
    open(room).acts.newer();
    await settle();
    expect(open(room)).toMatchObject({ past: null, span: { first: 1, last: 301 } });
    expect(said(room)).toHaveLength(300);
    expect(said(room)[109]).toBe('new');
  });

  test('10,000 messages: a new one costs no more than a moment', async () => {
    const { fake, room } = setUp({ talk: 10_000 });
    await fake.accept();
    // Of this process: what else the machine does costs time, but no work.
    const began = cpuUsage();
    for (let turn = 0; turn < 100; turn += 1)
      fake.server.socket.tell({ type: 'events', items: [written(text(10_001 + turn, grace, 'x'))] });
    expect(open(room).span.last).toBe(10_100);
    const { user, system } = cpuUsage(began);
    expect((user + system) / 100 / 1_000).toBeLessThan(20);
  });

  test('who may not come in sees that nothing is here', async () => {
    const { room } = setUp({ also: ({ path }) => (path === '/tickets' ? problemOf(404, 'not_found') : undefined) });
    await settle();
    expect(room.view.get()).toEqual({ status: 'gone' });
  });
});

describe('letters', () => {
  test('are put down before they are sent, and put away with the ack', async () => {
    const { fake, letters, room } = setUp();
    await fake.accept();
    const clientId = open(room).acts.send({ kind: 'text', text: '  Hello  ' });
    expect(letters.kept.get(clientId)?.draft).toEqual({ kind: 'text', text: 'Hello' });
    expect(open(room).letters).toMatchObject([{ clientId, state: 'sent' }]);
    await fake.answer();
    expect(open(room).letters).toEqual([]);
    expect(letters.kept.size).toBe(0);
    expect(said(room)).toEqual(['Hello']);
  });

  test('written without a connection they go out in order with the next one, once', async () => {
    const { clock, fake, room } = setUp({ talk: 1 });
    await fake.accept();
    fake.server.socket.drop();
    for (const words of ['one', 'two', 'three']) open(room).acts.send({ kind: 'text', text: words });
    expect(open(room).letters.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting']);
    await clock.advance(1_000);
    await fake.accept();
    expect(said(room)).toEqual(['words 1', 'one', 'two', 'three']);
    expect(open(room).letters).toEqual([]);
  });

  test('a lost ack: the message is found in the sequence and not sent again', async () => {
    const { clock, fake, letters, room } = setUp();
    await fake.accept();
    fake.acks = false;
    open(room).acts.send({ kind: 'text', text: 'Hello' });
    await fake.answer();
    expect(open(room).letters).toMatchObject([{ state: 'sent' }]);
    fake.server.socket.drop();
    fake.acks = true;
    await clock.advance(1_000);
    await fake.accept();
    expect(sent(fake, 'message.send')).toEqual([]);
    expect(said(room)).toEqual(['Hello']);
    expect(letters.kept.size).toBe(0);
  });

  test('a reload before the ack sends the same letter under the same name', async () => {
    const { fake, room, begin } = setUp();
    await fake.accept();
    fake.acks = false;
    open(room).acts.send({ kind: 'text', text: 'Hello' });
    await fake.answer();
    room.close();
    fake.acks = true;
    const again = begin();
    await fake.accept();
    expect(said(again)).toEqual(['Hello']);
    expect(open(again).letters).toEqual([]);
    expect(fake.seq).toBe(1);
  });

  test('a refused one stays until it is sent again or taken away; a passing trouble is no refusal', async () => {
    const { clock, fake, letters, room } = setUp();
    await fake.accept();
    const clientId = open(room).acts.send({ kind: 'text', text: 'Hello' });
    fake.server.socket.tell({ type: 'error', code: 'insufficient_funds', message: '', id: clientId });
    expect(open(room).letters).toMatchObject([{ state: 'refused', refused: 'insufficient_funds' }]);
    expect(letters.kept.get(clientId)?.refused).toBe('insufficient_funds');
    expect(room.busy).toBe(false);
    open(room).acts.again(clientId);
    expect(sent(fake, 'message.send')).toHaveLength(2);
    fake.server.socket.tell({ type: 'error', code: 'overloaded', message: '', id: clientId });
    expect(open(room).letters).toMatchObject([{ state: 'waiting' }]);
    open(room).acts.send({ kind: 'text', text: 'written after it' });
    expect(sent(fake, 'message.send'), 'the order stays').toHaveLength(2);
    await clock.advance(5_000);
    expect(sent(fake, 'message.send')).toHaveLength(4);
    open(room).acts.discard(clientId);
    expect(open(room).letters, 'what was told can not be taken away').toHaveLength(2);
    await fake.answer();
    expect(said(room)).toEqual(['Hello', 'written after it']);
  });

  test('the price is being posted: it says so, and the ack follows', async () => {
    const { fake, room } = setUp();
    await fake.accept();
    const clientId = open(room).acts.send({ kind: 'text', text: 'Hello' });
    fake.server.socket.tell({ type: 'message.pending', clientId });
    expect(open(room).letters).toMatchObject([{ state: 'paying' }]);
    await fake.answer();
    expect(open(room).letters).toEqual([]);
  });

  test('what is still free counts down with one’s own messages', async () => {
    const { fake, room } = setUp({ talk: 1 });
    fake.price = { unit: 'COIN', amount: 2, freeLeft: 2 };
    await fake.accept();
    const left = (): number | undefined => open(room).price?.freeLeft;
    fake.happen((seq) => written(text(seq, grace, 'theirs')));
    expect(left()).toBe(2);
    for (const expected of [1, 0, 0]) {
      open(room).acts.send({ kind: 'text', text: 'mine' });
      await fake.answer();
      expect(left()).toBe(expected);
    }
  });

  test('a picture: its bytes first, then its message; a text written after it does not wait', async () => {
    let finish: (() => void) | undefined;
    const { fake, kept, room } = setUp({
      upload: (_, __, progress) => {
        progress(0.5);
        return new Promise((done) => {
          finish = () => done('cmd_00000000000000000000000001');
        });
      },
    });
    await fake.accept();
    open(room).acts.send(photo, { bytes: new Blob(['abc']) });
    await settle();
    expect(open(room).letters).toMatchObject([{ state: 'uploading', progress: 0.5 }]);
    expect(kept.size).toBe(1);
    open(room).acts.send({ kind: 'text', text: 'Look' });
    await fake.answer();
    expect(said(room)).toEqual(['Look']);
    finish?.();
    await fake.answer();
    expect(sent(fake, 'message.send')[1]).toMatchObject({
      message: { kind: 'image', body: { mediaId: 'cmd_00000000000000000000000001', alt: 'A cat' } },
    });
    expect(open(room).letters).toEqual([]);
    expect(kept.size).toBe(0);
  });

  test('an upload that is cut goes on trying, and after a reload from the bytes that were kept', async () => {
    let tries = 0;
    const { clock, fake, room, begin } = setUp({
      upload: async () => {
        tries += 1;
        if (tries < 3) throw new NoAnswer('cut', null);
        return 'cmd_00000000000000000000000001';
      },
    });
    await fake.accept();
    open(room).acts.send(photo, { bytes: new Blob(['abc']) });
    await settle();
    expect(tries).toBe(1);
    await clock.advance(1_000);
    expect(tries).toBe(2);
    room.close();
    const again = begin();
    await fake.accept();
    expect(tries).toBe(3);
    await fake.answer();
    expect(open(again).span.messages).toMatchObject([{ kind: 'image' }]);
  });

  test('what the server has swept away meanwhile is uploaded anew when it is sent again', async () => {
    const ids = ['cmd_00000000000000000000000001', 'cmd_00000000000000000000000002'] as const;
    let uploaded = 0;
    const { fake, room } = setUp({ upload: async () => ids[uploaded++] ?? ids[1] });
    await fake.accept();
    const clientId = open(room).acts.send(photo, { bytes: new Blob(['abc']) });
    await settle();
    fake.server.socket.tell({ type: 'error', code: 'validation_failed', message: 'body.mediaId: is not an upload of yours', id: clientId });
    expect(open(room).letters).toMatchObject([{ state: 'refused' }]);
    open(room).acts.again(clientId);
    await settle();
    expect(sent(fake, 'message.send').map(({ message }) => (message as { body: { mediaId: string } }).body.mediaId)).toEqual(ids);
    await fake.answer();
    expect(open(room).letters).toEqual([]);
  });

  test('bytes that are no more on this device are told', async () => {
    const letter: Letter = { clientId: 'letter-x', chatId, writtenAt: 1, replyTo: null, draft: photo, mediaId: null, refused: null };
    const { fake, room } = setUp({ letters: [letter] });
    await fake.accept();
    expect(open(room).letters).toMatchObject([{ state: 'refused', refused: 'lost' }]);
  });
});

describe('changes of messages', () => {
  const mine = (fake: FakeRoom) =>
    fake.store((seq) => written({ ...text(seq, ada, 'Hallo'), at: new Date(1_700_000_000_000).toISOString() }));

  test('an edit shows at once, is told again on each connection until it is confirmed, and then no more', async () => {
    const { clock, fake, wishes, room } = setUp();
    mine(fake);
    await fake.accept();
    const message = open(room).span.messages[0];
    if (!message || !mayEdit(message, ada, clock.now(), usualWindows)) throw new Error('it may be edited');
    open(room).acts.edit(message, ' Hello ');
    expect(wished(open(room).span, open(room).wishes, ada)).toMatchObject([{ body: { text: 'Hello' } }]);
    expect(sent(fake, 'message.edit')).toMatchObject([{ messageId: messageId(1), body: { text: 'Hello' } }]);
    fake.server.socket.drop();
    await clock.advance(1_000);
    await fake.accept();
    expect(sent(fake, 'message.edit')).toHaveLength(1);
    fake.happen((seq) => ({ type: 'edited', seq, at: moment(seq), by: ada, messageId: messageId(1), body: { text: 'Hello' } }));
    expect(open(room).wishes).toEqual([]);
    expect(wishes.kept.size).toBe(0);
  });

  test('a deletion waits ten seconds and can be kept from happening; a page that goes away carries it out', async () => {
    const { clock, fake, room } = setUp();
    mine(fake);
    await fake.accept();
    const remove = (): void => {
      const message = open(room).span.messages[0];
      if (!message || !mayRemove(message, ada, clock.now(), usualWindows)) throw new Error('it may be deleted');
      open(room).acts.remove(message);
    };
    remove();
    await clock.advance(UNDO_MS - 1);
    expect(sent(fake, 'message.delete')).toEqual([]);
    open(room).acts.keep(open(room).span.messages[0] as Removable);
    await clock.advance(60_000);
    expect(sent(fake, 'message.delete')).toEqual([]);
    remove();
    room.leave();
    expect(sent(fake, 'message.delete')).toHaveLength(1);
    fake.happen((seq) => ({ type: 'deleted', seq, at: moment(seq), by: ada, messageId: messageId(1) }));
    expect(open(room).wishes).toEqual([]);
  });

  test('the last reaction counts; a refused change is told and taken back', async () => {
    const { fake, room } = setUp({ talk: 1 });
    await fake.accept();
    const message = open(room).span.messages[0];
    if (!message || !mayAnswer(message)) throw new Error('it may be answered');
    open(room).acts.react(message, '👍');
    open(room).acts.react(message, '❤️');
    fake.happen((seq) => ({ type: 'reaction', seq, at: moment(seq), by: ada, messageId: messageId(1), emoji: '👍' }));
    expect(wished(open(room).span, open(room).wishes, ada)[0]?.reactions).toEqual([{ userId: ada, emoji: '❤️' }]);
    const [{ id } = { id: '' }] = open(room).wishes;
    fake.server.socket.tell({ type: 'error', code: 'too_late', message: '', id });
    expect(open(room)).toMatchObject({ wishes: [], refusal: { code: 'too_late' } });
    open(room).acts.noted();
    expect(open(room).refusal).toBeNull();
  });

  test('a change of a message that is not here is told once, not for ever', async () => {
    const wish: Wish = { id: 'react:old', chatId, messageId: messageId(999), what: { type: 'react', emoji: '👍' } };
    const { clock, fake, wishes, room } = setUp({ wishes: [wish], talk: 1 });
    await fake.accept();
    expect(sent(fake, 'reaction.set')).toHaveLength(1);
    fake.server.socket.drop();
    await clock.advance(1_000);
    await fake.accept();
    expect(sent(fake, 'reaction.set')).toEqual([]);
    expect(wishes.kept.size).toBe(0);
    expect(room.busy).toBe(false);
  });

  test('what may not be done does not compile', async () => {
    const { fake, room } = setUp({ talk: 1 });
    await fake.accept();
    const view = room.view.get();
    const message = open(room).span.messages[0];
    const never = (): boolean => false;
    if (never() && message) {
      // @ts-expect-error nothing can be sent before the room is open
      view.acts.send({ kind: 'text', text: 'x' });
      // @ts-expect-error nobody has looked whether it may be edited
      open(room).acts.edit(message, 'x');
      // @ts-expect-error nor deleted
      open(room).acts.remove(message);
      // @ts-expect-error a deleted message can't be answered
      open(room).acts.react(message, '👍');
      // @ts-expect-error what may be answered may not be edited for that
      open(room).acts.edit(message as Answerable, 'x');
      if (view.status === 'closed') {
        // @ts-expect-error a closed room takes nothing
        view.acts.send({ kind: 'text', text: 'x' });
      }
    }
    expect(message && mayEdit(message, ada, 0, usualWindows)).toBe(false);
    expect(mayEdit(text(1, ada, 'x') as Editable, ada, Date.parse(moment(1)) + usualWindows.editMs, usualWindows)).toBe(false);
  });
});

describe('what passes', () => {
  test('what was seen is told once, and not again on another connection', async () => {
    const { clock, fake, room } = setUp({ talk: 3 });
    await fake.accept();
    open(room).acts.seen(2);
    open(room).acts.seen(3);
    await clock.advance(300);
    expect(sent(fake, 'read')).toEqual([{ type: 'read', seq: 3 }]);
    fake.happen((seq) => ({ type: 'read', seq, at: moment(seq), by: ada, upTo: 3 }));
    open(room).acts.seen(3);
    await clock.advance(300);
    expect(sent(fake, 'read')).toHaveLength(1);
  });

  test('writing is told now and then, and its end; the other’s goes out by itself', async () => {
    const { clock, fake, room } = setUp();
    await fake.accept();
    for (let key = 0; key < 5; key += 1) {
      open(room).acts.typing();
      await clock.advance(500);
    }
    expect(sent(fake, 'typing')).toEqual([{ type: 'typing', typing: true }]);
    await clock.advance(5_000);
    expect(sent(fake, 'typing').at(-1)).toEqual({ type: 'typing', typing: false });
    fake.server.socket.tell({ type: 'typing', by: grace, typing: true });
    expect(open(room).typing).toBe(true);
    await clock.advance(6_000);
    expect(open(room).typing).toBe(false);
  });

  test('a block inside an open socket: reading stays, and what is written waits', async () => {
    const { fake, room } = setUp({ talk: 1 });
    await fake.accept();
    fake.server.socket.tell({ type: 'closed', closed: 'blocked' });
    expect(room.view.get()).toMatchObject({ status: 'closed', why: 'blocked', span: { last: 1 } });
    fake.server.socket.tell({ type: 'closed', closed: null });
    expect(open(room).status).toBe('open');
  });

  test('after it is closed nothing runs any more', async () => {
    const { clock, fake, room } = setUp({ talk: 1 });
    await fake.accept();
    open(room).acts.typing();
    open(room).acts.seen(1);
    room.close();
    expect(clock.waiting).toBe(0);
  });
});
