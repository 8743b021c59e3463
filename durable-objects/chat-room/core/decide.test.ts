import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatEvent } from '../../../worker/protocol/chat/event.ts';
import { message as messageSchema } from '../../../worker/protocol/chat/message.ts';
import type { MessageId, UserId } from '../../../worker/protocol/ids.ts';
import type { Order } from './orders.ts';
import { ADA, at, GRACE, HUGO, mediaId, NOON, newRoom, picture, Rehearsal, windows } from './rehearsal.ts';
import { MAX_INTENTS } from './sending.ts';
import type { Person } from './state.ts';

const refusal = (code: string) => ({ is: 'refused', code });
const unknownMessage = 'msg_00000000000000000000009999' as MessageId;
const hugo = (more: Partial<Person> = {}): Person => ({
  userId: HUGO,
  role: 'companion',
  ledgerShard: 1,
  fromSeq: 1,
  cameAt: NOON + 1_000,
  leftAt: null,
  ...more,
});

describe('sending', () => {
  it('[RS1] gives each message the next place, whoever sends it', () => {
    const chat = new Rehearsal();
    expect([chat.said(ADA, 'one'), chat.said(GRACE, 'two'), chat.said(ADA, 'three')].map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(chat.room).toMatchObject({ lastSeq: 3, lastMessageSeq: 3 });
  });

  it('makes messages that are as the wire says', () => {
    const chat = new Rehearsal();
    expect(messageSchema.parse(chat.said(ADA, 'one'))).toMatchObject({ sender: ADA, clientId: 'name-one', at: at(0), price: null });
    const { reply } = chat.image(ADA, picture());
    expect(reply.is === 'placed' && messageSchema.parse(reply.message)).toMatchObject({ kind: 'image', media: { state: 'pending' } });
  });

  it('[RS2] never goes back in time', () => {
    const chat = new Rehearsal();
    chat.said(ADA, 'one');
    chat.now -= 60_000;
    expect(chat.said(ADA, 'two').at).toBe(at(0));
  });

  it('[RM2] answers the same name and words as before, and nothing else under that name', () => {
    const chat = new Rehearsal();
    const first = chat.said(ADA, 'one');
    chat.now += 5_000;
    expect(chat.text(ADA, 'one')).toMatchObject({ writes: [], reply: { is: 'placed', message: first } });
    expect(chat.text(ADA, 'other', { clientId: 'name-one' })).toMatchObject({ writes: [], reply: refusal('idempotency_conflict') });
    expect(chat.text(ADA, 'one', { clientId: 'name-one', replyTo: first.id }).reply).toMatchObject(refusal('idempotency_conflict'));
    // Names are one's own.
    expect(chat.text(GRACE, 'one').reply).toMatchObject({ is: 'placed', message: { seq: 2 } });
    expect(chat.room.lastSeq).toBe(2);
  });

  it('[RM2] answers a repeat also when the message was edited or deleted since, or the conversation closed', () => {
    const chat = new Rehearsal();
    const first = chat.said(ADA, 'one');
    chat.do({ type: 'edit', by: ADA, messageId: first.id, text: 'better' });
    expect(chat.text(ADA, 'one').reply).toMatchObject({ is: 'placed', message: { id: first.id, seq: 1, body: { text: 'better' } } });
    chat.do({ type: 'delete', by: ADA, messageId: first.id });
    chat.room = { ...chat.room, closed: 'blocked' };
    expect(chat.text(ADA, 'one').reply).toMatchObject({ is: 'placed', message: { id: first.id, seq: 1, body: null } });
  });

  it('[RM1] takes nothing new while it is closed', () => {
    const chat = new Rehearsal(newRoom({ closed: 'blocked' }));
    expect(chat.text(ADA, 'one')).toMatchObject({ writes: [], reply: refusal('blocked') });
    chat.room = { ...chat.room, closed: 'gone' };
    expect(chat.text(GRACE, 'one')).toMatchObject({ writes: [], reply: refusal('forbidden') });
  });

  it('takes nothing from who is not here, or not any more', () => {
    const chat = new Rehearsal();
    expect(chat.text(HUGO, 'one')).toMatchObject({ writes: [], reply: refusal('not_found') });
    chat.room = { ...chat.room, people: [...chat.room.people, hugo({ leftAt: NOON })] };
    expect(chat.text(HUGO, 'one')).toMatchObject({ writes: [], reply: refusal('not_found') });
  });

  it('[RM3] answers a message that is there, and to this person', () => {
    const chat = new Rehearsal();
    const first = chat.said(ADA, 'one');
    expect(chat.text(GRACE, 'two', { replyTo: first.id }).reply).toMatchObject({ is: 'placed', message: { replyTo: first.id } });
    expect(chat.text(GRACE, 'three', { replyTo: unknownMessage }).reply).toMatchObject(refusal('validation_failed'));
    chat.room = { ...chat.room, people: [...chat.room.people, hugo({ fromSeq: 2 })] };
    expect(chat.text(HUGO, 'four', { replyTo: first.id }).reply).toMatchObject(refusal('validation_failed'));
  });
});

describe('media', () => {
  it('[RM4] are the sender’s own, of the message’s kind, and in one message only', () => {
    const chat = new Rehearsal();
    expect(chat.image(ADA, null).reply).toMatchObject(refusal('validation_failed'));
    expect(chat.image(ADA, picture(1, { kind: 'video' })).reply).toMatchObject(refusal('validation_failed'));
    expect(chat.image(ADA, picture()).reply).toMatchObject({ is: 'placed', message: { media: { id: mediaId(1) } } });
    expect(chat.image(ADA, picture()).reply).toMatchObject({ is: 'placed', message: { seq: 1 } });
    expect(chat.image(ADA, picture(), 'another-name').reply).toMatchObject(refusal('validation_failed'));
    expect(chat.room.lastSeq).toBe(1);
  });

  it('[RC5] are passed or refused by an event, once', () => {
    const chat = new Rehearsal();
    chat.image(ADA, picture());
    chat.do({ type: 'media', mediaId: mediaId(1), state: 'passed' });
    expect(chat.rows[0]?.message.media?.state).toBe('passed');
    expect(chat.events().map(({ text }) => JSON.parse(text).type)).toEqual(['message', 'media']);
    chat.do({ type: 'media', mediaId: mediaId(1), state: 'passed' });
    expect(chat.room.lastSeq).toBe(2);
  });

  it('[RC5] may have been looked at before they were sent', () => {
    const chat = new Rehearsal();
    chat.do({ type: 'media', mediaId: mediaId(1), state: 'refused' });
    expect(chat.room.lastSeq).toBe(0);
    expect(chat.image(ADA, picture()).reply).toMatchObject({ message: { media: { state: 'refused' } } });
  });

  it('[RC2] go with their message', () => {
    const chat = new Rehearsal();
    const { reply } = chat.image(ADA, picture());
    if (reply.is !== 'placed') throw new Error('not taken');
    chat.do({ type: 'delete', by: ADA, messageId: reply.message.id });
    expect(chat.rows[0]?.message).toMatchObject({ body: null, media: null });
    expect(chat.dropped).toEqual([mediaId(1)]);
  });
});

describe('second thoughts', () => {
  it('[RC1] edit a text of one’s own for as long as the window is open', () => {
    const chat = new Rehearsal();
    const { id: messageId } = chat.said(ADA, 'one');
    chat.now += windows.editMs;
    expect(chat.do({ type: 'edit', by: ADA, messageId, text: 'two' }).reply).toEqual({ is: 'done' });
    expect(chat.rows[0]?.message).toMatchObject({ body: { text: 'two' }, editedAt: at(windows.editMs) });
    chat.now += 1;
    expect(chat.do({ type: 'edit', by: ADA, messageId, text: 'three' }).reply).toMatchObject(refusal('too_late'));
  });

  it('[RC1] edit nothing of others, nothing that is no text, nothing deleted, nothing unknown, nothing while it is closed', () => {
    const chat = new Rehearsal();
    const { id: text } = chat.said(ADA, 'one');
    const image = chat.image(ADA, picture()).reply;
    const edit = (by: UserId, messageId: MessageId) => chat.do({ type: 'edit', by, messageId, text: 'two' });
    expect(edit(GRACE, text)).toMatchObject({ writes: [], reply: refusal('forbidden') });
    expect(image.is === 'placed' && edit(ADA, image.message.id)).toMatchObject({ writes: [], reply: refusal('validation_failed') });
    expect(edit(ADA, unknownMessage)).toMatchObject({ writes: [], reply: refusal('not_found') });
    chat.room = { ...chat.room, closed: 'blocked' };
    expect(edit(ADA, text)).toMatchObject({ writes: [], reply: refusal('blocked') });
    chat.room = { ...chat.room, closed: null };
    chat.do({ type: 'delete', by: ADA, messageId: text });
    expect(edit(ADA, text)).toMatchObject({ writes: [], reply: refusal('not_found') });
  });

  it('[RC1] to the same words are none', () => {
    const chat = new Rehearsal();
    const { id: messageId } = chat.said(ADA, 'one');
    expect(chat.do({ type: 'edit', by: ADA, messageId, text: 'one' })).toMatchObject({ writes: [], reply: { is: 'done' } });
  });

  it('[RC2] delete one’s own within the window, also while it is closed; the house deletes at any time', () => {
    const chat = new Rehearsal();
    const one = chat.said(ADA, 'one');
    const two = chat.said(ADA, 'two');
    chat.room = { ...chat.room, closed: 'blocked' };
    const remove = (by: UserId | null, messageId: MessageId) => chat.do({ type: 'delete', by, messageId });
    expect(remove(GRACE, one.id).reply).toMatchObject(refusal('forbidden'));
    expect(remove(ADA, one.id).reply).toMatchObject({ is: 'placed', message: { body: null, deletedAt: at(0) } });
    expect(remove(ADA, one.id).writes).toEqual([]);
    chat.now += windows.deleteMs + 1;
    expect(remove(ADA, two.id).reply).toMatchObject(refusal('too_late'));
    expect(remove(null, two.id).reply).toMatchObject({ is: 'placed' });
    expect(chat.events().at(-1)?.text).toContain('"by":null');
  });

  it('[RC3] leave no word behind: earlier edits hold none, and a deleted message is nowhere', () => {
    const chat = new Rehearsal();
    const { id: messageId } = chat.said(ADA, 'secret-one', 'a-name');
    chat.do({ type: 'edit', by: ADA, messageId, text: 'secret-two' });
    chat.do({ type: 'edit', by: ADA, messageId, text: 'secret-three' });
    const stored = () =>
      chat
        .events()
        .map(({ text }) => text)
        .join();
    expect(stored()).not.toMatch(/secret-(one|two)/);
    expect(stored()).toContain('secret-three');
    chat.do({ type: 'delete', by: ADA, messageId });
    expect(stored()).not.toContain('secret');
    expect(chat.events().map(({ seq, text }) => [seq, JSON.parse(text).type])).toEqual([
      [1, 'message'],
      [2, 'hidden'],
      [3, 'hidden'],
      [4, 'deleted'],
    ]);
    for (const { text } of chat.events()) expect(chatEvent.safeParse(JSON.parse(text)).success).toBe(true);
  });

  it('[RC4] react once a person, take it back, and say nothing twice', () => {
    const chat = new Rehearsal();
    const { id: messageId } = chat.said(ADA, 'one');
    const react = (by: UserId, emoji: string | null) => chat.do({ type: 'react', by, messageId, emoji });
    react(GRACE, '❤️');
    react(ADA, '😀');
    react(GRACE, '👍');
    expect(chat.rows[0]?.message.reactions).toEqual([
      { userId: ADA, emoji: '😀' },
      { userId: GRACE, emoji: '👍' },
    ]);
    expect(react(GRACE, '👍').writes).toEqual([]);
    react(GRACE, null);
    expect(chat.rows[0]?.message.reactions).toEqual([{ userId: ADA, emoji: '😀' }]);
    expect(react(GRACE, null).writes).toEqual([]);
    chat.room = { ...chat.room, closed: 'blocked' };
    expect(react(GRACE, '👍').reply).toMatchObject(refusal('blocked'));
  });
});

describe('watermarks', () => {
  const mark = (chat: Rehearsal, by: UserId, said: { delivered?: number; read?: number }) =>
    chat.do({ type: 'mark', by, delivered: 0, read: 0, ...said });

  it('[RR1] rise onto messages of others, and never fall', () => {
    const chat = new Rehearsal();
    chat.said(ADA, 'one');
    chat.said(GRACE, 'two');
    chat.said(ADA, 'three');
    mark(chat, GRACE, { delivered: 2 });
    expect(chat.marks(GRACE)).toEqual({ delivered: 1, read: 0 });
    mark(chat, GRACE, { delivered: 3 });
    expect(chat.marks(GRACE).delivered).toBe(3);
    expect(mark(chat, GRACE, { delivered: 1 }).writes).toEqual([]);
    mark(chat, ADA, { read: 3 });
    expect(chat.marks(ADA)).toEqual({ delivered: 2, read: 2 });
  });

  it('[RR1] never call for one another', () => {
    const chat = new Rehearsal();
    chat.said(ADA, 'one');
    mark(chat, GRACE, { read: 1 });
    const { lastSeq } = chat.room;
    mark(chat, ADA, { read: lastSeq, delivered: lastSeq });
    mark(chat, GRACE, { read: lastSeq, delivered: lastSeq });
    expect(chat.room.lastSeq).toBe(lastSeq);
  });

  it('[RR2] tell in one event what is seen and delivered', () => {
    const chat = new Rehearsal();
    chat.said(ADA, 'one');
    mark(chat, GRACE, { delivered: 1, read: 1 });
    expect(chat.events().map(({ text }) => JSON.parse(text).type)).toEqual(['message', 'read']);
  });
});

describe('who waits', () => {
  it('[RW1] is the member whose message no companion has answered', () => {
    const chat = new Rehearsal();
    chat.said(GRACE, 'hello');
    expect(chat.room.waiting).toBeNull();
    chat.now += 1_000;
    chat.said(ADA, 'hi');
    chat.now += 1_000;
    chat.said(ADA, 'are you there');
    expect(chat.room.waiting).toEqual({ seq: 2, at: NOON + 1_000 });
    chat.do({ type: 'post', key: 'rule:1', sender: GRACE, automatic: true, kind: 'text', body: { text: 'soon' } });
    expect(chat.room.waiting?.seq).toBe(2);
    chat.said(GRACE, 'yes');
    expect(chat.room.waiting).toBeNull();
  });
});

describe('the house', () => {
  it('[RM6] says a thing once under its key', () => {
    const chat = new Rehearsal();
    const card: Order = { type: 'post', key: 'call:1', sender: ADA, automatic: false, kind: 'system', body: { what: 'x', detail: {} } };
    expect(chat.do(card).reply).toMatchObject({ is: 'placed', message: { seq: 1, sender: ADA, price: null } });
    expect(chat.do(card)).toMatchObject({ writes: [], reply: { is: 'placed', message: { seq: 1 } } });
    // A person's own name may be the same.
    expect(chat.text(ADA, 'mine', { clientId: 'call:1' }).reply).toMatchObject({ message: { seq: 2 } });
  });

  it('[RM6] writes no text where nothing can be sent, but keeps its cards', () => {
    const chat = new Rehearsal(newRoom({ closed: 'blocked' }));
    const text: Order = { type: 'post', key: 'rule:1', sender: GRACE, automatic: true, kind: 'text', body: { text: 'hello' } };
    expect(chat.do(text).reply).toMatchObject(refusal('blocked'));
    const card: Order = { type: 'post', key: 'call:1', sender: ADA, automatic: false, kind: 'system', body: { what: 'x', detail: {} } };
    expect(chat.do(card).reply).toMatchObject({ is: 'placed' });
  });
});

describe('paid messages', () => {
  const terms = {
    tariffId: 'tar_00000000000000000000000001',
    payer: { unit: 'COIN', amount: 5, free: 2 },
    payee: { unit: 'EARN', amount: 3, free: 1 },
  } as const;

  it('[RP1] are free for the payer at first, each side by its own count; a companion never pays', () => {
    const chat = new Rehearsal();
    expect(chat.text(ADA, 'one', { terms }).reply.is).toBe('placed');
    expect(chat.text(ADA, 'two', { terms }).reply.is).toBe('pending');
    expect(chat.text(ADA, 'three', { terms }).reply.is).toBe('pending');
    expect(chat.open.map(({ charge }) => [charge?.price, charge?.earning])).toEqual([
      [null, { unit: 'EARN', amount: 3 }],
      [
        { unit: 'COIN', amount: 5 },
        { unit: 'EARN', amount: 3 },
      ],
    ]);
    expect(chat.text(GRACE, 'four', { terms }).reply.is).toBe('placed');
    expect(chat.room.lastSeq).toBe(2);
  });

  it('[RP1] cost nothing while there is nobody to answer, and pay who answers now', () => {
    const chat = new Rehearsal();
    const priced = { ...terms, payer: { ...terms.payer, free: 0 } };
    const [ada, grace] = chat.room.people as [Person, Person];
    chat.room = { ...chat.room, people: [ada, { ...grace, leftAt: NOON }] };
    expect(chat.text(ADA, 'one', { terms: priced }).reply.is).toBe('placed');
    chat.room = { ...chat.room, people: [ada, grace, hugo()] };
    chat.text(ADA, 'two', { terms: priced });
    expect(chat.open[0]?.charge?.payee).toEqual({ userId: HUGO, shard: 1 });
  });

  it('[RP3] get their place with their price once it is paid, in the order they were sent', () => {
    const chat = new Rehearsal();
    const priced = { ...terms, payer: { ...terms.payer, free: 0 } };
    chat.text(ADA, 'one', { terms: priced });
    chat.text(ADA, 'two');
    expect(chat.open.map(({ charge }) => charge?.price ?? null)).toEqual([{ unit: 'COIN', amount: 5 }, null]);
    const settle = () => {
      const [intent] = chat.open;
      if (!intent) throw new Error('nothing waits');
      return chat.do({ type: 'settle', intent, outcome: { is: 'paid' } }).reply;
    };
    expect(settle()).toMatchObject({ is: 'placed', message: { seq: 1, price: { unit: 'COIN', amount: 5 }, body: { text: 'one' } } });
    expect(settle()).toMatchObject({ is: 'placed', message: { seq: 2, price: null, body: { text: 'two' } } });
    expect(chat.text(ADA, 'one', { terms: priced })).toMatchObject({ writes: [], reply: { is: 'placed', message: { seq: 1 } } });
  });

  it('[RP3] are settled once', () => {
    const chat = new Rehearsal();
    chat.text(ADA, 'one', { terms: { ...terms, payer: { ...terms.payer, free: 0 } } });
    const [intent] = chat.open;
    if (!intent) throw new Error('nothing waits');
    chat.do({ type: 'settle', intent, outcome: { is: 'paid' } });
    expect(chat.do({ type: 'settle', intent, outcome: { is: 'paid' } })).toMatchObject({ writes: [], reply: { is: 'done' } });
    expect(chat.room.lastSeq).toBe(1);
  });

  it('[RP4] that are dropped may be sent again under their name, unless they were given up', () => {
    const chat = new Rehearsal();
    const priced = { ...terms, payer: { ...terms.payer, free: 0 } };
    const drop = (givenUp: boolean) => {
      const [intent] = chat.open;
      if (!intent) throw new Error('nothing waits');
      return chat.do({ type: 'settle', intent, outcome: { is: 'dropped', code: 'insufficient_funds', detail: 'no', givenUp } }).reply;
    };
    chat.text(ADA, 'one', { terms: priced });
    expect(drop(false)).toMatchObject(refusal('insufficient_funds'));
    expect(chat.text(ADA, 'one', { terms: priced }).reply.is).toBe('pending');
    drop(true);
    expect(chat.text(ADA, 'one', { terms: priced }).reply).toMatchObject(refusal('idempotency_conflict'));
    expect(chat.room.lastSeq).toBe(0);
  });

  it('[RP5] wait in a queue that has an end', () => {
    const chat = new Rehearsal();
    const priced = { ...terms, payer: { ...terms.payer, free: 0 } };
    for (let n = 0; n < MAX_INTENTS; n++) chat.text(ADA, `n${n}`, { terms: priced });
    expect(chat.text(ADA, 'more', { terms: priced }).reply).toMatchObject(refusal('overloaded'));
    expect(chat.text(ADA, 'n0', { terms: priced }).reply.is).toBe('pending');
  });
});

describe('any conversation', () => {
  const people = fc.constantFrom(ADA, GRACE, HUGO);
  const names = fc.integer({ min: 1, max: 12 }).map((n) => `message-${n}`);
  type Act = (chat: Rehearsal) => void;
  const any = (chat: Rehearsal, n: number): MessageId => chat.rows[n % Math.max(1, chat.rows.length)]?.message.id ?? unknownMessage;
  const acts: fc.Arbitrary<Act> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(people, names, fc.constantFrom('a', 'b')).map(
        ([by, clientId, text]) =>
          (chat: Rehearsal) =>
            void chat.text(by, text, { clientId }),
      ),
    },
    fc.tuple(people, fc.nat(20)).map(
      ([by, n]) =>
        (chat: Rehearsal) =>
          void chat.do({ type: 'edit', by, messageId: any(chat, n), text: `edited ${n}` }),
    ),
    fc.tuple(people, fc.nat(20)).map(
      ([by, n]) =>
        (chat: Rehearsal) =>
          void chat.do({ type: 'delete', by, messageId: any(chat, n) }),
    ),
    fc.tuple(people, fc.nat(20), fc.constantFrom('😀', null)).map(
      ([by, n, emoji]) =>
        (chat: Rehearsal) =>
          void chat.do({ type: 'react', by, messageId: any(chat, n), emoji }),
    ),
    fc.tuple(people, fc.nat(40), fc.nat(40)).map(
      ([by, delivered, read]) =>
        (chat: Rehearsal) =>
          void chat.do({ type: 'mark', by, delivered, read }),
    ),
    fc.constantFrom<Act>(
      (chat) => (chat.room = { ...chat.room, closed: 'blocked' }),
      (chat) => (chat.room = { ...chat.room, closed: null }),
    ),
    fc.integer({ min: -2_000_000, max: 2_000_000 }).map((ms) => (chat: Rehearsal) => chat.pass(ms)),
  );

  it('[RS1] has no gap, no place twice, no name twice, and times that never fall', () => {
    fc.assert(
      fc.property(fc.array(acts, { maxLength: 60 }), (script) => {
        const chat = new Rehearsal();
        for (const act of script) act(chat);
        const events = chat.events();
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => n + 1));
        expect(chat.room.lastSeq).toBe(events.length);
        expect(events.map((event) => event.at).toSorted()).toEqual(events.map((event) => event.at));
        const names = chat.rows.map(({ author, name }) => `${author} ${name}`);
        expect(new Set(names).size).toBe(names.length);
        for (const { message } of chat.rows) expect(message.deletedAt === null || message.body === null).toBe(true);
        for (const { text } of events) expect(chatEvent.safeParse(JSON.parse(text)).success).toBe(true);
      }),
    );
  });
});
