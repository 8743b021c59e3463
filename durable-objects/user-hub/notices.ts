/** What a person is told: each thing once in the sequence, on every device, in the inbox where it belongs there, and up the ladder. */
import { type Facts, kinds } from '../../worker/domains/notification/kinds.ts';
import type { InboxPage } from '../../worker/platform/stubs.ts';
import type { Call } from '../../worker/protocol/call/call.ts';
import type { InboxStanding } from '../../worker/protocol/hub/inbox.ts';
import type { ChatMoved } from '../../worker/protocol/hub/sequenced.ts';
import type { Id, SessionId, UserId } from '../../worker/protocol/ids.ts';
import type { NotificationKind, Rung } from '../../worker/protocol/notification.ts';
import type { PersonCard } from '../../worker/protocol/people.ts';
import type { NamedAlarms } from '../kit/alarms.ts';
import { rings } from './calls.ts';
import type { Climbs } from './climbs.ts';
import type { Devices } from './devices.ts';
import type { InboxStore } from './inbox-store.ts';
import { KEEP_MS } from './sequence.ts';
import type { HubStore, Unplaced } from './store.ts';
import { messageOf, ringOf, type ToldMessage } from './topics.ts';

const DAY_MS = 86_400_000;

/** What climbs with an item. */
interface Climbing {
  readonly kind: NotificationKind;
  readonly facts: Facts;
  readonly notBy?: SessionId | undefined;
  readonly vain?: readonly Rung[] | undefined;
}

export class Notices {
  readonly #storage: DurableObjectStorage;
  readonly #store: HubStore;
  readonly #inbox: InboxStore;
  readonly #climbs: Climbs;
  readonly #devices: Devices;
  readonly #alarms: Pick<NamedAlarms<'forget'>, 'setAtLatest'>;

  constructor(
    storage: DurableObjectStorage,
    parts: { store: HubStore; inbox: InboxStore; climbs: Climbs; devices: Devices; alarms: Pick<NamedAlarms<'forget'>, 'setAtLatest'> },
  ) {
    this.#storage = storage;
    this.#store = parts.store;
    this.#inbox = parts.inbox;
    this.#climbs = parts.climbs;
    this.#devices = parts.devices;
    this.#alarms = parts.alarms;
  }

  ring({ call, from, now }: { call: Call; from: PersonCard; now: number }, id: Id<'ntf'>): { devices: number } {
    const heard = this.#store.heardCall(call.id);
    if (heard && !rings(heard)) return { devices: 0 };
    const climbing = { kind: 'call.incoming', facts: ringOf(call, from) } as const;
    return { devices: this.#append(`ring:${call.id}`, { type: 'call.incoming', id, call, from }, climbing, now) };
  }

  /** [HN5] A call that rings no more is climbed for no longer, and whoever outside still rings of it is told. */
  callHeard(call: Call, now: number): void {
    if (!rings(call)) this.#climbs.end('call.incoming', `call:${call.id}`, 'off', now);
  }

  /** @returns [HN10] whether nobody outside the app will ever be told of it; the same however often it is asked */
  notify(item: { id: Id<'ntf'>; kind: NotificationKind; body: Facts; now: number } & Pick<Climbing, 'notBy' | 'vain'>): {
    inVain: boolean;
  } {
    const { id, kind, body, notBy, vain, now } = item;
    this.#append(`notify:${id}`, { type: 'notification', id, kind, body }, { kind, facts: body, notBy, vain }, now);
    return { inVain: this.#climbs.endedInVain(id) };
  }

  chatMoved(moved: ChatMoved, self: UserId, id: Id<'ntf'>, now: number): void {
    const topic = `chat:${moved.chatId}`;
    const told = this.#climbs.newestOf('chat.message', topic)?.facts as unknown as ToldMessage | undefined;
    const facts = messageOf(moved, self, told ?? null);
    const key = `chat:${moved.chatId}:${moved.chatSeq}:${moved.readSeq}`;
    this.#append(key, { type: 'chat.event', id, ...moved }, facts && { kind: 'chat.message', facts }, now);
    if (moved.unread === 0) this.#climbs.end('chat.message', topic, 'read', now);
  }

  /** A device has shown an item; one that nobody knows is nothing to complain about. */
  ack(id: string, by: SessionId, now: number): void {
    const item = this.#store.ack(id, now);
    if (item) this.#climbs.acked(item.climb, item.seq, by, now);
  }

  inbox(asked: { before: number | null; limit: number; now: number }): InboxPage {
    return { items: this.#inbox.page(asked), unread: this.#inbox.unread() };
  }

  /** @returns how many are left unread */
  read(which: { readonly ids: readonly string[] } | { readonly upTo: number }, by: SessionId, now: number): number {
    const ids = this.#storage.transactionSync(() => {
      const fresh = this.#inbox.read(which, now);
      this.#climbs.read(fresh, by, now);
      return fresh;
    });
    if (ids.length > 0) this.#devices.broadcast({ type: 'inbox.changed', ...this.standing() });
    return this.#inbox.unread();
  }

  /** [HI2] How the inbox stands. */
  standing(): InboxStanding {
    return { unread: this.#inbox.unread(), newest: this.#inbox.newest() };
  }

  forget(now: number): void {
    this.#inbox.forget(now);
    this.#climbs.forget(now - KEEP_MS);
  }

  /** Keeps an item once, sends it on and lets it climb. @returns how many devices have it or will by their hello */
  #append(key: string, item: Unplaced, climbing: Climbing | null, now: number): number {
    this.#alarms.setAtLatest('forget', now + DAY_MS);
    const here = this.#devices.greeted().length;
    const inInbox = climbing !== null && kinds[climbing.kind].inbox;
    const placed = this.#storage.transactionSync(() => {
      const fresh = this.#store.append(key, item, now);
      if (!fresh || !climbing) return fresh;
      const { kind, facts, notBy = null, vain = [] } = climbing;
      const id = fresh.id as Id<'ntf'>;
      if (inInbox) this.#inbox.add({ seq: fresh.seq, id, kind, facts, at: now });
      const tellsIt = this.#climbs.begin({ id, seq: fresh.seq, kind, facts, notBy, devices: here, vain }, now);
      if (tellsIt !== id) this.#store.climbsWith(id, tellsIt);
      return fresh;
    });
    if (!placed) return here;
    const devices = this.#devices.broadcast(placed);
    if (inInbox) this.#devices.broadcast({ type: 'inbox.changed', ...this.standing() });
    return devices;
  }
}
