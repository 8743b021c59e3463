/**
 * A person's hub around the real rules of `durable-objects/user-hub`: busy lock, sequence, ringing. What the object keeps
 * in SQLite survives a crash here; its sockets do not.
 */
import type { BusyLock } from '../../durable-objects/user-hub/lock.ts';
import type { CallState } from '../../worker/protocol/call/call.ts';
import type { CallId, UserId } from '../../worker/protocol/ids.ts';
import { Wire } from './network.ts';
import type { Device } from './people.ts';
import type { World } from './world.ts';

/** One item of the sequence, as far as this world needs it. */
export interface Item {
  readonly seq: number;
  readonly callId: CallId;
  readonly from: UserId;
}

export interface CallNews {
  readonly id: CallId;
  readonly state: CallState;
  readonly settled: boolean;
}

export type HubUp = { readonly type: 'hello'; readonly lastSeq: number };
export type HubDown =
  | { readonly type: 'hello'; readonly seq: number; readonly after: number; readonly items: readonly Item[] }
  | { readonly type: 'item'; readonly item: Item }
  | { readonly type: 'call.updated'; readonly call: CallNews };

export type LockAnswer = { readonly locked: true } | { readonly locked: false; readonly heldBy: CallId; readonly peerId: UserId };

type HubWire = Wire<HubUp, HubDown>;

export class HubHost {
  readonly userId: UserId;
  readonly items: Item[] = [];
  lock: BusyLock | null = null;
  private readonly world: World;
  private readonly keys = new Set<string>();
  private readonly gaveUp = new Set<CallId>();
  private readonly heard = new Map<CallId, CallNews>();
  private readonly placedUnder = new Map<string, CallId>();
  private readonly wires = new Map<HubWire, boolean>();

  constructor(world: World, userId: UserId) {
    this.world = world;
    this.userId = userId;
  }

  /** The first call id given for a key stays. */
  callIdFor(key: string, callId: CallId): CallId {
    const first = this.placedUnder.get(key);
    if (first !== undefined) return first;
    this.placedUnder.set(key, callId);
    return callId;
  }

  takeLock(order: { callId: CallId; peerId: UserId; now: number }, answer: (said: LockAnswer) => void): void {
    const { rules } = this.world;
    const decision = rules.decideLock(this.lock, order.callId, this.gaveUp.has(order.callId));
    if (decision.is === 'contested') this.contest(decision.by, order, answer);
    else if (decision.is === 'over') answer({ locked: false, heldBy: order.callId, peerId: order.peerId });
    else {
      this.lock ??= { callId: order.callId, peerId: order.peerId, takenAt: order.now };
      answer({ locked: true });
    }
  }

  /** The call that holds the lock is asked; only one that is over gives it up. */
  private contest(by: BusyLock, order: { callId: CallId; peerId: UserId; now: number }, answer: (said: LockAnswer) => void): void {
    const { rules } = this.world;
    const held: LockAnswer = { locked: false, heldBy: by.callId, peerId: by.peerId };
    this.world.rpc(
      () => this.world.liveness(by.callId),
      (liveness) => {
        if (!rules.freesLock(liveness)) {
          answer(held);
          return;
        }
        if (this.lock?.callId === by.callId) this.unlock(by.callId);
        this.takeLock(order, answer);
      },
      () => answer(held),
    );
  }

  unlock(callId: CallId): void {
    if (this.lock?.callId === callId) this.lock = null;
    this.gaveUp.add(callId);
  }

  ring(call: CallNews, from: UserId): number {
    if (!this.world.rules.rings(this.heard.get(call.id) ?? call)) return 0;
    const item = this.append(`call:${call.id}`, { callId: call.id, from });
    let devices = 0;
    for (const [wire, greeted] of this.wires) {
      if (!greeted) continue;
      devices += 1;
      if (item) wire.push({ type: 'item', item });
    }
    return devices;
  }

  callUpdated(call: CallNews): void {
    if (!this.world.rules.isNews(this.heard.get(call.id) ?? null, call)) return;
    this.heard.set(call.id, call);
    for (const [wire, greeted] of this.wires) if (greeted) wire.push({ type: 'call.updated', call });
  }

  private append(key: string, item: Omit<Item, 'seq'>): Item | null {
    if (this.keys.has(key)) return null;
    this.world.laws.announced(item.callId, this.heard.get(item.callId) ?? null);
    this.keys.add(key);
    const placed = { ...item, seq: this.items.length + 1 };
    this.items.push(placed);
    return placed;
  }

  /** A device opens its socket. */
  connect(device: Device): HubWire {
    const wire: HubWire = new Wire(this.world.nextWire(), this.world.agenda, device.link, this);
    this.wires.set(wire, false);
    return wire;
  }

  message(wire: Wire<HubUp, unknown>, frame: HubUp): void {
    this.wires.set(wire as HubWire, true);
    const newest = this.items.length;
    const { after } = this.world.rules.planResume(frame.lastSeq, { newest, oldest: 1 });
    (wire as HubWire).push({ type: 'hello', seq: newest, after, items: this.items.slice(after) });
    for (const { callId } of this.items.slice(after)) {
      const call = this.heard.get(callId);
      if (call && !this.world.rules.rings(call)) (wire as HubWire).push({ type: 'call.updated', call });
    }
  }

  ping(): void {}

  closed(wire: Wire<HubUp, unknown>): void {
    this.wires.delete(wire as HubWire);
  }

  /** The process is gone: sockets drop, what is stored stays. */
  crash(): void {
    for (const wire of [...this.wires.keys()]) wire.closeByServer();
    this.wires.clear();
  }
}
