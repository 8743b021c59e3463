/** For tests inside workerd: a conversation with its people and devices, and a clock that the test moves. */
import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { vi } from 'vitest';
import { contextNow, type Frame, newPerson, type SignedIn, TestDevice, testEnv, upgradeRequest } from '../../tests/devices.ts';
import { draftTariff, publishTariff, retireTariff } from '../../worker/domains/billing/service.ts';
import type { Env } from '../../worker/env.ts';
import { newId } from '../../worker/platform/ids.ts';
import type { Result } from '../../worker/platform/result.ts';
import { type ChatPerson, type ChatRoomStub, chatRoom } from '../../worker/platform/stubs.ts';
import type { ChatEvent } from '../../worker/protocol/chat/event.ts';
import type { TariffId } from '../../worker/protocol/ids.ts';
import type { ChatRoom } from './chat-room.ts';

/** Far in the future: an alarm of a fake past would fire at once. */
export const START = Date.UTC(2040, 0, 1, 12);

export type Room = ChatRoomStub & DurableObjectStub<ChatRoom>;

export function later(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

export function must<T>(answer: Result<T>): T {
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.detail}`);
  return answer.value;
}

export const personOf = ({ userId }: SignedIn, role: ChatPerson['role'], ledgerShard = 0): ChatPerson => ({ userId, role, ledgerShard });

let names = 0;
/** A name for a message that nothing else has. */
export const newName = (): string => `message-${++names}`;
export const textFrame = (text: string, clientId = newName()) => ({
  type: 'message.send',
  message: { clientId, kind: 'text', body: { text } },
});

export interface Scene {
  readonly ada: SignedIn;
  readonly grace: SignedIn;
  readonly chatId: `chat_${string}`;
  readonly room: Room;
}

/** A member and a companion in a new conversation. */
export async function openScene(): Promise<Scene> {
  const [ada, grace] = await Promise.all([newPerson('member'), newPerson('companion')]);
  const chatId = newId('chat');
  await testEnv.DB.prepare('INSERT INTO chat (id, member_id, companion_id, created_at) VALUES (?, ?, ?, ?)')
    .bind(chatId, ada.userId, grace.userId, Date.now())
    .run();
  const room = chatRoom(testEnv, chatId) as Room;
  must(await room.open({ chatId, people: [personOf(ada, 'member'), personOf(grace, 'companion')], now: Date.now() }));
  return { ada, grace, chatId, room };
}

export const open = async ({ room, chatId }: Scene, who: SignedIn, ticket?: string): Promise<Response> =>
  room.fetch(await upgradeRequest(who, `chat:${chatId}`, `/chats/${chatId}/socket`, ticket));

export const connect = async (scene: Scene, who: SignedIn): Promise<TestDevice> => new TestDevice(await open(scene, who));

/** A device that has said hello, and its welcome. */
export async function enter(scene: Scene, who: SignedIn, hello: object = { lastSeq: 0 }): Promise<{ device: TestDevice; welcome: Frame }> {
  const device = await connect(scene, who);
  device.send({ type: 'hello', ...hello });
  return { device, welcome: await device.nextOf('welcome') };
}

export const evict = ({ room }: Scene): Promise<void> => evictDurableObject(room);

/** The process dies: what was under way is gone, and so are all sockets. @returns the scene after it */
export async function killed(scene: Scene): Promise<Scene> {
  await abortAllDurableObjects();
  return { ...scene, room: chatRoom(testEnv, scene.chatId) as Room };
}

export async function ring({ room }: Scene): Promise<void> {
  await runDurableObjectAlarm(room);
}

export const alarmAt = ({ room }: Scene): Promise<number | null> => runInDurableObject(room, (_room, state) => state.storage.getAlarm());

/** The whole sequence, as the house sees it. */
export async function sequence({ room }: Scene): Promise<ChatEvent[]> {
  const items: ChatEvent[] = [];
  for (;;) {
    const page = must(await room.events({ by: null, after: items.length, limit: 200 }));
    if (page.items.length === 0) return items;
    items.push(...page.items);
  }
}

/** Lets the room meet other bindings than there are. Gone with the next eviction. */
export async function withBindings({ room }: Scene, change: Partial<Env>): Promise<void> {
  await runInDurableObject(room, (object) => {
    const inside = object as unknown as { env: Env };
    Object.defineProperty(object, 'env', { configurable: true, value: { ...inside.env, ...change } });
  });
}

/** Frames that arrive at the room in one tick, each from the socket of `who` (their only one). */
export async function inOneTick({ room }: Scene, who: SignedIn, frames: readonly (object | string)[]): Promise<void> {
  await runInDurableObject(room, (object: ChatRoom, state) => {
    const own = state.getWebSockets().find((socket) => (socket.deserializeAttachment() as { userId: string }).userId === who.userId);
    if (!own) throw new Error('no socket of theirs is open');
    for (const frame of frames) object.webSocketMessage(own, typeof frame === 'string' ? frame : JSON.stringify(frame));
  });
}

/** The next frames of a device until all events up to a seq have come: the events, and the other frames among them. */
export async function hearUpTo(device: TestDevice, seq: number): Promise<{ events: ChatEvent[]; others: Frame[] }> {
  const events: ChatEvent[] = [];
  const others: Frame[] = [];
  while ((events.at(-1)?.seq ?? 0) < seq) {
    const frame = await device.next();
    if (frame.type === 'events' || frame.type === 'welcome') events.push(...(frame.items ?? frame.events));
    else if (frame.type === 'closed') throw new Error(`closed before event ${seq} came`);
    else others.push(frame);
  }
  return { events, others };
}

/** Publishes a price for messages; give the id back to `unprice`. */
export async function price({ amount = 5, free = 0, earned = 3 } = {}): Promise<TariffId> {
  const actor = newId('usr');
  const side = { checkpoints: [], then: null };
  const { id } = await draftTariff(contextNow(), {
    actor,
    terms: {
      name: 'Messages',
      match: { media: 'text' },
      parties: [
        { ...side, party: 'payer', unit: 'COIN', direction: 'debit', perMessage: { free, amount } },
        { ...side, party: 'payee', unit: 'EARN', direction: 'credit', perMessage: { free, amount: earned } },
      ],
    },
  });
  await publishTariff(contextNow(), { id, actor });
  return id;
}

export const unprice = (id: TariffId): Promise<unknown> => retireTariff(contextNow(), { id, actor: newId('usr') });
