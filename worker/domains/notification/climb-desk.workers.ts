/** For tests of the climb: a person with devices of both kinds, a queue that can be looked into, providers that do as they are told. */

import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { UserHub } from '../../../durable-objects/user-hub/user-hub.ts';
import { newPerson, type SignedIn, TestDevice, testEnv, upgradeRequest } from '../../../tests/devices.ts';
import type { Env } from '../../env.ts';
import { type Context, contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Delivery } from '../../platform/queues.ts';
import { type UserHubStub, userHub } from '../../platform/stubs.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { PushPlatform } from '../../protocol/push.ts';
import type { NotificationMessage } from '../../protocol/queue/messages.ts';
import { notificationsOfBatch } from './consumer.ts';
import type { PushDevice, Pushed, PushOrder } from './push.ts';
import type { Sending } from './sending.ts';
import { type MailOrder, type Ways, ways } from './ways.ts';

export const START = Date.UTC(2040, 5, 1, 10);
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

export type Hub = UserHubStub & DurableObjectStub<UserHub>;
export const hubOf = (who: { userId: UserId }): Hub => userHub(testEnv, who.userId) as Hub;

/** What was put on the queue and nobody has taken yet. */
export const queued: NotificationMessage[] = [];

/** Keeps the queue to itself: nothing is consumed but by `deliver`. Call it before each test. */
export function catchQueue(): void {
  queued.length = 0;
  const queue = Object.getPrototypeOf((env as unknown as Env).NOTIFICATIONS) as Queue<NotificationMessage>;
  vi.spyOn(queue, 'send').mockImplementation(async (message) => void queued.push(message) as never);
  vi.spyOn(queue, 'sendBatch').mockImplementation(async (batch) => void queued.push(...[...batch].map(({ body }) => body)) as never);
}

export const setClock = (at: number): number => {
  vi.setSystemTime(at);
  return at;
};

export const contextAt = (now: number): Context =>
  contextOf(testEnv, { now, requestId: crypto.randomUUID(), waitUntil: (work) => void work.catch(() => {}) });

/** A device in the app. */
export async function openApp(who: SignedIn): Promise<TestDevice> {
  const device = new TestDevice(await hubOf(who).fetch(await upgradeRequest(who, 'hub', '/hub/socket')));
  device.send({ type: 'hello', lastSeq: 0 });
  await device.nextOf('hello');
  return device;
}

/** Runs the hub's alarm at its own moment. */
export async function ringAlarm(who: SignedIn, at: number): Promise<void> {
  setClock(at);
  await runInDurableObject<UserHub, void>(hubOf(who), (hub) => hub.alarm());
}

/** The phone of a person, as the providers' side knows it. */
export interface Phone {
  readonly device: PushDevice;
  /** How the provider answers next; empty: it takes everything. */
  readonly answers: Pushed[];
  readonly pushes: PushOrder[];
}

export interface Town {
  readonly who: SignedIn;
  readonly email: string;
  readonly phones: Phone[];
  readonly mails: MailOrder[];
  readonly mailAnswers: Sending[];
  /** Devices whose provider was heard to say that they are gone. */
  readonly forgotten: string[];
  readonly ways: Ways;
  /** Called whenever a provider is about to be asked. */
  beforeSend: () => void | Promise<void>;
}

export async function aTown(platforms: readonly PushPlatform[] = ['webpush']): Promise<Town> {
  const who = await newPerson('member');
  const phones = platforms.map(
    (platform): Phone => ({
      device: {
        id: newId('dev'),
        userId: who.userId,
        sessionId: newId('ses'),
        platform,
        token: `token-${crypto.randomUUID()}`,
        keys: null,
      },
      answers: [],
      pushes: [],
    }),
  );
  const town: Town = {
    who,
    email: '',
    phones,
    mails: [],
    mailAnswers: [],
    forgotten: [],
    beforeSend: () => {},
    ways: {
      ...ways,
      devicesOf: async () => new Map([[who.userId, phones.flatMap(({ device }) => (town.forgotten.includes(device.id) ? [] : [device]))]]),
      async push(_ctx, device, order) {
        await town.beforeSend();
        const phone = phones.find((one) => one.device.id === device.id);
        if (!phone) throw new Error('a push to nobody');
        const answer = phone.answers.shift() ?? { sent: true, providerId: null };
        if (answer.sent) phone.pushes.push(order);
        return answer;
      },
      forget: async (_ctx, device) => void town.forgotten.push(device.id),
      async mail(_ctx, order) {
        await town.beforeSend();
        const answer = town.mailAnswers.shift() ?? { sent: true, providerId: null };
        if (answer.sent) town.mails.push(order);
        return answer;
      },
    },
  };
  return town;
}

/** Hands one message to the consumer as the queue would. */
export function deliver(town: Town, message: NotificationMessage, now: number): Promise<Delivery> {
  const ctx = contextAt(setClock(now));
  return notificationsOfBatch(ctx, town.ways)(ctx, message, 1, 'the only one');
}

/** Delivers everything that is on the queue, once. @returns what became of each */
export async function deliverAll(town: Town, now: number): Promise<Delivery[]> {
  const outcomes: Delivery[] = [];
  for (const message of queued.splice(0)) outcomes.push(await deliver(town, message, now));
  return outcomes;
}

/** Every push that arrived, as its kind, on every phone. */
export const pushesOf = (town: Town): string[] => town.phones.flatMap(({ pushes }) => pushes.map(({ kind }) => kind));
