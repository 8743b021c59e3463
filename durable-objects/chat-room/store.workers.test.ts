/** The same orders on the conversation in memory and on the real storage: the same answers, the same sequence. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { testEnv } from '../../tests/devices.ts';
import { newId } from '../../worker/platform/ids.ts';
import { chatRoom } from '../../worker/platform/stubs.ts';
import type { MessageId } from '../../worker/protocol/ids.ts';
import type { ChatRoom } from './chat-room.ts';
import { decide } from './core/decide.ts';
import type { Order } from './core/orders.ts';
import { ADA, GRACE, HUGO, mediaId, picture, Rehearsal, windows } from './core/rehearsal.ts';
import type { Room } from './core/state.ts';
import { RoomStore } from './store.ts';

/** A row of numbers that looks like chance and is the same for a seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const terms = { tariffId: newId('tar'), payer: { unit: 'COIN', amount: 5, free: 3 }, payee: null } as const;

/** Anything anybody might ask, sensible or not. */
function anyOrder(pick: (below: number) => number, chat: Rehearsal): Order {
  const by = [ADA, GRACE, HUGO][pick(3)] ?? ADA;
  const messageId = chat.rows[pick(Math.max(1, chat.rows.length))]?.message.id ?? ('msg_00000000000000000000009999' as MessageId);
  const seq = pick(chat.room.lastSeq + 1);
  const intent = chat.open[0];
  const clientId = `name-${pick(30)}`;
  switch (pick(10)) {
    case 0:
      return { type: 'edit', by, messageId, text: `edited ${pick(3)}` };
    case 1:
      return { type: 'delete', by: pick(4) === 0 ? null : by, messageId };
    case 2:
      return { type: 'react', by, messageId, emoji: pick(2) ? '👍' : null };
    case 3:
      return { type: 'mark', by, delivered: seq, read: pick(seq + 1) };
    case 4:
      return { type: 'media', mediaId: mediaId(pick(4)), state: pick(2) ? 'passed' : 'refused' };
    case 5: {
      const media = picture(pick(4));
      return {
        type: 'send',
        by,
        sent: { kind: 'image', clientId, body: { mediaId: media.id } },
        media: pick(5) ? media : null,
        terms: null,
      };
    }
    case 6:
      return { type: 'post', key: `key-${pick(6)}`, sender: null, automatic: false, kind: 'system', body: { what: 'x', detail: {} } };
    case 7:
      if (intent)
        return {
          type: 'settle',
          intent,
          outcome: pick(3) ? { is: 'paid' } : { is: 'dropped', code: 'blocked', detail: 'no', givenUp: pick(2) === 0 },
        };
  }
  const sent = { kind: 'text', clientId, body: { text: `text ${pick(2)}` }, ...(pick(4) === 0 ? { replyTo: messageId } : {}) } as const;
  return { type: 'send', by, sent, media: null, terms: pick(2) ? terms : null };
}

describe.each([1, 2, 3, 4, 5])('orders of seed %i', (seed) => {
  it('have the same answers and leave the same sequence', async () => {
    const room = chatRoom(testEnv, newId('chat')) as DurableObjectStub<ChatRoom>;
    await runInDurableObject(room, (_room, state) => {
      const pick = chance(seed);
      const store = new RoomStore(state.storage);
      const chat = new Rehearsal();
      store.begin(chat.room.chatId, chat.room.epoch);
      for (const person of chat.room.people) store.letIn(person, person.fromSeq, person.cameAt);
      let stored = store.room() as Room;
      expect(stored).toEqual(chat.room);
      let ids = 0;
      for (let n = 0; n < 400; n++) {
        chat.pass(pick(200_000) - 20_000);
        const order = anyOrder(pick, chat);
        const before = chat.rows.length;
        const tools = { now: chat.now, messageId: () => `msg_${String(ids + 1).padStart(26, '0')}` as MessageId };
        const step = decide(stored, store, order, windows, tools);
        for (const write of step.writes) store.write(write, chat.now);
        stored = step.room;
        expect(step.reply, `order ${n}: ${JSON.stringify(order)}`).toEqual(chat.do(order).reply);
        ids += chat.rows.length - before;
      }
      store.setWaiting(stored.waiting);
      expect(stored).toEqual(chat.room);
      expect(store.room()).toEqual(chat.room);
      expect(store.events(0, stored.lastSeq).map(({ text, about }) => [about, JSON.parse(text)])).toEqual(
        chat.events().map(({ text, about }) => [about, JSON.parse(text)]),
      );
      for (const who of [ADA, GRACE]) {
        expect(store.marks(who)).toEqual(chat.marks(who));
        expect(store.intents(who)).toEqual(chat.intents(who));
      }
      // A part of it is the same part.
      const middle = Math.floor(stored.lastSeq / 2);
      expect(store.events(middle, middle + 10).map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, k) => middle + 1 + k));
      // What was taken back is found by nobody, indexed before or after.
      store.indexNext(1_000);
      const found = store.search('edited text', { above: 0, below: stored.lastSeq + 1 }, 1_000);
      expect(found).toEqual([]);
      const edited = chat.rows.filter(({ message }) => message.kind === 'text' && message.body?.text.startsWith('edited'));
      expect(store.search('edited', { above: 0, below: stored.lastSeq + 1 }, 1_000).map(({ seq }) => seq)).toEqual(
        edited.map(({ message }) => message.seq).sort((a, b) => b - a),
      );
    });
  });
});
