/** Keeps a person's presence up to the facts, and says who has to hear of it. What it is, is decided in `presence.ts`. */
import type { PresenceState } from '../../worker/protocol/people.ts';
import type { NamedAlarms } from '../kit/alarms.ts';
import type { Devices } from './devices.ts';
import type { Learned, Matter } from './outward.ts';
import { derivePresence, type PresenceFacts, presenceDueAt } from './presence.ts';
import type { HubStore, Person } from './store.ts';

/** While a device is here or a lock is held, the hub looks everything over this often, ms. */
export const CHECK_MS = 120_000;

export class Whereabouts {
  readonly #store: HubStore;
  readonly #devices: Devices;
  readonly #alarms: Pick<NamedAlarms<'presence' | 'check'>, 'set' | 'setAtLatest' | 'clear'>;
  readonly #tell: (matter: Matter) => void;
  /** Grows with each word about the shift, so that a slower read of the database does not undo it. */
  #shiftNews = 0;

  constructor(
    store: HubStore,
    devices: Devices,
    alarms: Pick<NamedAlarms<'presence' | 'check'>, 'set' | 'setAtLatest' | 'clear'>,
    tell: (matter: Matter) => void,
  ) {
    this.#store = store;
    this.#devices = devices;
    this.#alarms = alarms;
    this.#tell = tell;
  }

  now(now: number): { presence: PresenceState; since: number } {
    this.settle(now);
    const { presence, since } = this.#store.person();
    return { presence, since };
  }

  /** True while a device is here. */
  isHere(): boolean {
    return this.#devices.greeted().length > 0;
  }

  /** Brings presence up to the facts, and tells who has to know. Safe to call at any time. */
  settle(now: number): void {
    let person = this.#store.person();
    const here = this.isHere();
    if (here !== (person.goneAt === null)) {
      // A process that died took its sockets without saying so: that is noticed here too.
      this.#store.setGone(here ? null : now, person.presence === 'away');
      if (!here && person.role === 'member') this.#tell({ kind: 'watch' });
      person = this.#store.person();
    }
    const facts = this.#facts(person);
    if (here || facts.inCall) this.#alarms.setAtLatest('check', now + CHECK_MS);
    const due = presenceDueAt(facts);
    if (due === null || due <= now) this.#alarms.clear('presence');
    else this.#alarms.set('presence', due);
    const presence = derivePresence(facts, now);
    if (presence === person.presence) return;
    this.#store.setPresence(presence, now);
    if (person.role === 'companion') this.#tell({ kind: 'presence' });
    else if (person.role === null) this.#tell({ kind: 'learn' });
  }

  shiftChanged(shift: { working: boolean; onBreak: boolean }, now: number): void {
    this.#shiftNews += 1;
    this.#store.setRole('companion');
    const before = this.#store.person().working;
    this.#store.setWorking(shift);
    if (before !== shift.working) this.#tell({ kind: 'presence' });
    this.settle(now);
  }

  /**
   * Reads role and shift by `read`.
   * @returns takes them in; what was heard of the shift meanwhile is newer and stays
   */
  async learn(read: () => Promise<Learned>): Promise<() => void> {
    const shiftNews = this.#shiftNews;
    const { role, ...shift } = await read();
    return () => {
      if (role === null) return;
      const before = this.#store.person();
      this.#store.setRole(role);
      if (shiftNews === this.#shiftNews) this.#store.setWorking(shift);
      this.settle(Date.now());
      const after = this.#store.person();
      if (before.role === after.role && before.working === after.working) return;
      if (role === 'companion') this.#tell({ kind: 'presence' });
      if (role === 'member' && this.isHere()) this.#tell({ kind: 'watch' });
    };
  }

  #facts(person: Person): PresenceFacts {
    return {
      devices: this.#devices.greeted().map(({ device }) => device),
      goneAt: person.goneAt,
      wasAway: person.wasAway,
      inCall: this.#store.lock() !== null,
      companion: person.role === 'companion',
      working: person.working === true,
      onBreak: person.onBreak,
    };
  }
}
