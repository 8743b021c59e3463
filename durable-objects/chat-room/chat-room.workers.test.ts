/** The room inside workerd: real sockets, storage and alarms. Rule ids: SPEC.md. */
import { describe, expect, it } from 'vitest';
import { newPerson, TestDevice, testEnv, upgradeRequest } from '../../tests/devices.ts';
import { newId } from '../../worker/platform/ids.ts';
import { chatRoom } from '../../worker/platform/stubs.ts';

describe('a conversation', () => {
  it('brings a text to both, and tells who has read it', async () => {
    const ada = await newPerson('member');
    const grace = await newPerson('companion');
    const chatId = newId('chat');
    const room = chatRoom(testEnv, chatId);
    const people = [
      { userId: ada.userId, role: 'member', ledgerShard: 0 },
      { userId: grace.userId, role: 'companion', ledgerShard: 0 },
    ] as const;
    await room.open({ chatId, now: Date.now(), people });
    const greet = async (who: typeof ada) => {
      const device = new TestDevice(await room.fetch(await upgradeRequest(who, `chat:${chatId}`, `/chats/${chatId}/socket`)));
      device.send({ type: 'hello', lastSeq: 0 });
      expect(await device.next()).toMatchObject({ type: 'welcome', seq: 0, events: [], closed: null, price: null });
      return device;
    };
    const hers = await greet(ada);
    const graces = await greet(grace);
    hers.send({ type: 'message.send', message: { clientId: 'client-01', kind: 'text', body: { text: 'Crème brûlée?' } } });
    expect(await hers.next()).toMatchObject({ type: 'message.ack', clientId: 'client-01', seq: 1 });
    const event = {
      type: 'events',
      items: [{ seq: 1, type: 'message', message: { sender: ada.userId, body: { text: 'Crème brûlée?' } } }],
    };
    expect(await hers.next()).toMatchObject(event);
    expect(await graces.next()).toMatchObject(event);
    graces.send({ type: 'read', seq: 1 });
    expect(await hers.next()).toMatchObject({ items: [{ seq: 2, type: 'read', by: grace.userId, upTo: 1 }] });
    const found = await room.search({ by: ada.userId, q: 'creme BRU', limit: 10 });
    expect(found).toMatchObject({ ok: true, value: { items: [{ seq: 1 }], next: null } });
  });
});
