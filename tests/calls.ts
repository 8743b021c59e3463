/** For tests inside workerd: two people, a priced call between them, and a clock that the test moves. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { vi } from 'vitest';
import type { CallSession } from '../durable-objects/call-session/call-session.ts';
import { balancesOf, credit, postOne, sourceOf } from '../worker/domains/balance/service.ts';
import { goldenTariff } from '../worker/domains/billing/golden-tariff.ts';
import { draftTariff, publishTariff, tariffFor } from '../worker/domains/billing/service.ts';
import { enrol } from '../worker/domains/companions/service.ts';
import { startShift } from '../worker/domains/shifts/service.ts';
import { permissionsOf } from '../worker/domains/user/permissions.ts';
import { userById } from '../worker/domains/user/service.ts';
import { acceptCall, placeCall } from '../worker/domains/video/service.ts';
import { Problem } from '../worker/platform/errors.ts';
import { newId } from '../worker/platform/ids.ts';
import type { Principal } from '../worker/platform/principal.ts';
import { type CallSessionStub, callSession, userHub } from '../worker/platform/stubs.ts';
import type { CallMedia, CallParty } from '../worker/protocol/call/call.ts';
import type { TariffTerms } from '../worker/protocol/http/tariffs.ts';
import type { CallId } from '../worker/protocol/ids.ts';
import { contextNow, type Frame, newPerson, newSession, type SignedIn, TestDevice, testEnv, upgradeRequest } from './devices.ts';

/** Far in the future: an alarm of a fake past would fire at once. */
export const START = Date.UTC(2040, 0, 1, 12);

export type CallObject = CallSessionStub & DurableObjectStub<CallSession>;
export const objectOf = (id: CallId): CallObject => callSession(testEnv, id) as CallObject;

/** Moves the clock by so many seconds. */
export function later(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

export const principalOf = async (who: SignedIn): Promise<Principal> => {
  const user = await userById(contextNow(), who.userId);
  if (!user) throw new Error('nobody there');
  const { role, monetizationVersion, ledgerShard, email, phone } = user;
  return { ...who, role, monetizationVersion, ledgerShard, email, phone, permissions: permissionsOf(role) };
};

/** What a refusal said; the value where there was none. */
export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown.code;
    throw thrown;
  }
}

export async function priceCalls(terms: TariffTerms = goldenTariff): Promise<void> {
  const question = { kind: 'direct', payerRole: 'member', payeeRole: 'companion', direction: 'member_to_companion' } as const;
  if (terms === goldenTariff && (await tariffFor(contextNow(), { ...question, media: 'video' }))) return;
  const { id } = await draftTariff(contextNow(), { terms, actor: newId('usr') });
  await publishTariff(contextNow(), { id, actor: newId('usr') });
}

export async function newMember(coins: number): Promise<SignedIn> {
  const who = await newPerson('member');
  if (coins > 0) await topUp(who, coins);
  return who;
}

export async function topUp(who: SignedIn, amount: number): Promise<void> {
  const owner = { userId: who.userId, shard: 0 };
  const key = `purchase:sandbox:${crypto.randomUUID()}`;
  const moves = [credit(owner, 'COIN', sourceOf('COIN'), amount)];
  await postOne(contextNow(), { owner, key, kind: 'purchase', ref: key, actor: 'system', eventAt: Date.now(), moves, intent: { amount } });
}

export async function newCompanion(media: readonly CallMedia[] = ['audio', 'video']): Promise<SignedIn> {
  const who = await newPerson('companion');
  await enrol(contextNow(), { userId: who.userId, media, tier: 'standard', approved: true });
  await startShift(contextNow(), who.userId);
  return who;
}

/** What somebody has of a unit. */
export async function balance(who: SignedIn, unit: 'COIN' | 'EARN'): Promise<number> {
  const balances = await balancesOf(contextNow(), { userId: who.userId, shard: 0 });
  return balances.balances.find((each) => each.unit === unit)?.amount ?? 0;
}

export const busyWith = (who: SignedIn): Promise<CallId | null> => userHub(testEnv, who.userId).busyWith();

/** A member and a companion, and the call they come to have. */
export class Scene {
  readonly member: SignedIn;
  readonly companion: SignedIn;
  id!: CallId;
  readonly devices: Partial<Record<CallParty, TestDevice>> = {};

  private constructor(member: SignedIn, companion: SignedIn) {
    this.member = member;
    this.companion = companion;
  }

  static async open(coins = 500): Promise<Scene> {
    await priceCalls();
    return new Scene(await newMember(coins), await newCompanion());
  }

  /** The same two, but the companion rings: here `member` names the caller and `companion` the callee. */
  turned(): Scene {
    return new Scene(this.companion, this.member);
  }

  get object(): CallObject {
    return objectOf(this.id);
  }

  async place(key: string = crypto.randomUUID(), media: CallMedia = 'video') {
    const placed = await placeCall(contextNow(), await principalOf(this.member), { calleeId: this.companion.userId, media }, key);
    this.id = placed.call.id;
    return placed;
  }

  async accept(sessionId = this.companion.sessionId) {
    return acceptCall(contextNow(), { ...(await principalOf(this.companion)), sessionId }, this.id);
  }

  /** Opens the socket of one party and reads its first frame. */
  async socket(party: CallParty, ticket?: string): Promise<TestDevice> {
    const by = party === 'caller' ? this.member : this.companion;
    const device = new TestDevice(await this.object.fetch(await upgradeRequest(by, `call:${this.id}`, `/calls/${this.id}/socket`, ticket)));
    this.devices[party] = device;
    return device;
  }

  device(party: CallParty): TestDevice {
    const device = this.devices[party];
    if (!device) throw new Error(`${party} has no socket`);
    return device;
  }

  /** Placed, accepted, both sockets open, both with media. */
  async connect(): Promise<this> {
    await this.place();
    await this.accept();
    for (const party of ['caller', 'callee'] as const) {
      await this.socket(party);
      this.device(party).send({ type: 'media.connected' });
      await this.device(party).rest();
    }
    return this;
  }

  /** Both (or one) show that they are there; the object has taken it in when this returns. */
  async beat(...parties: CallParty[]): Promise<void> {
    for (const party of parties.length > 0 ? parties : (['caller', 'callee'] as const)) {
      if (!this.device(party).isClosed) this.device(party).send({ type: 'signal', data: {} });
      this.#kept[party].push(...(await this.device(party).rest()));
    }
  }

  /** Time passes in steps of five seconds, both alive; alarms fire as they fall due. */
  async talk(seconds: number): Promise<void> {
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      vi.setSystemTime(Math.min(until, Date.now() + 5_000));
      await this.beat();
      await this.alarm();
    }
  }

  /** Fires the alarm if it is due. */
  async alarm(): Promise<void> {
    const at = await runInDurableObject(this.object, (_object, state) => state.storage.getAlarm());
    if (at !== null && at <= Date.now()) await runDurableObjectAlarm(this.object);
  }

  readonly #kept: Record<CallParty, Frame[]> = { caller: [], callee: [] };

  /** Every frame of a type that a party has got and nobody looked at before. */
  async frames(party: CallParty, type: string): Promise<Frame[]> {
    this.#kept[party].push(...(await this.device(party).rest()));
    return this.#kept[party].filter((frame) => frame.type === type);
  }

  async call() {
    const read = await this.object.read();
    if (!read.ok) throw new Error(read.code);
    return read.value.call;
  }

  async receipt() {
    const read = await this.object.receipt();
    if (!read.ok) throw new Error(read.code);
    return read.value;
  }
}

export { newSession };
