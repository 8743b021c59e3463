/** Carries the ladder out: keeps every climb, rings for it in time, and orders the next rung. What follows is decided in `ladder.ts`. */
import { type Facts, kinds } from '../../worker/domains/notification/kinds.ts';
import type { Asked } from '../../worker/platform/stubs.ts';
import type { CallId, Id, SessionId } from '../../worker/protocol/ids.ts';
import type { NotificationKind, Rung } from '../../worker/protocol/notification.ts';
import type { NamedAlarms } from '../kit/alarms.ts';
import type { ClimbStore, StoredClimb } from './climb-store.ts';
import { beginClimb, type ClimbEvent, refusal, stepClimb, takesMore } from './ladder.ts';
import type { Matter } from './outward.ts';

/** A notification that was just placed in the sequence. */
export interface Beginning {
  readonly id: Id<'ntf'>;
  readonly seq: number;
  readonly kind: NotificationKind;
  readonly facts: Facts;
  readonly notBy: SessionId | null;
  /** Devices that were sent it. */
  readonly devices: number;
  /** [HN10] Rungs that would reach nobody now. */
  readonly vain: readonly Rung[];
}

export class Climbs {
  readonly #store: ClimbStore;
  readonly #alarms: Pick<NamedAlarms<'ladder'>, 'set' | 'clear'>;
  readonly #tell: (matter: Matter) => void;

  constructor(store: ClimbStore, alarms: Pick<NamedAlarms<'ladder'>, 'set' | 'clear'>, tell: (matter: Matter) => void) {
    this.#store = store;
    this.#alarms = alarms;
    this.#tell = tell;
  }

  /**
   * [HN2] Begins to climb, or goes along with what is about the same and has not been said yet.
   * @returns the id under which it is told
   */
  begin({ id, seq, kind, facts, notBy, devices, vain }: Beginning, now: number): Id<'ntf'> {
    const topic = kinds[kind].topic(facts) ?? id;
    const newest = this.#store.newestOf(kind, topic);
    if (newest && takesMore(newest)) {
      this.#store.widen(newest.id, seq, facts);
      return newest.id;
    }
    if (newest) this.#step(newest, { type: 'newer' }, now);
    const climb = beginClimb(kinds[kind], { devices, pushedAt: this.#store.orderedAt(kind, topic), vain }, now);
    this.#store.add({ ...climb, id, kind, topic, seq, facts, notBy, beganAt: now });
    this.climb(now);
    return id;
  }

  /** [HN10] Whether it ended as it began, since no rung would have reached anybody: nothing was ever ordered. */
  endedInVain(id: Id<'ntf'>): boolean {
    return this.#store.one(id)?.ended === 'unreached' && !this.#store.wasOrdered(id);
  }

  /** The newest climb about a topic. */
  newestOf(kind: NotificationKind, topic: string): StoredClimb | null {
    return this.#store.newestOf(kind, topic);
  }

  /** [HN3] A device has shown an item: everything about the same up to it needs no other rung. */
  acked(climbId: string, seq: number, by: SessionId, now: number): void {
    const climb = this.#store.one(climbId);
    if (!climb || climb.seq > seq) return;
    for (const each of this.#store.about(climb.kind, climb.topic, seq)) if (each.notBy !== by) this.#step(each, { type: 'acked' }, now);
    this.#arm();
  }

  /** The person has read it in the inbox. */
  read(ids: readonly string[], by: SessionId, now: number): void {
    for (const id of ids) {
      const climb = this.#store.one(id);
      if (climb && climb.notBy !== by) this.#step(climb, { type: 'read' }, now);
    }
    this.#arm();
  }

  /** Everything about a topic is read, or not to be told any more. */
  end(kind: NotificationKind, topic: string, type: 'read' | 'off', now: number): void {
    for (const climb of this.#store.about(kind, topic)) this.#step(climb, { type }, now);
    this.#arm();
  }

  /** [HN6] Whether a rung is still to be carried out, and what there is to say. */
  asked(asking: { id: Id<'ntf'>; rung: Rung; again: boolean }, now: number): Asked {
    const climb = this.#store.one(asking.id);
    if (!climb) return { wanted: false, because: 'unknown' };
    const because = refusal(climb, kinds[climb.kind], asking, now);
    this.#step(climb, { type: 'asked', rung: asking.rung }, now);
    if (because !== null) return { wanted: false, because };
    const { kind, topic, facts, beganAt, expiresAt, notBy } = climb;
    return { wanted: true, kind, topic, facts, beganAt, expiresAt, notBy };
  }

  /** [HN7] What became of a rung. */
  climbed(id: Id<'ntf'>, outcome: Extract<ClimbEvent, { type: 'told' | 'unreached' | 'deferred' }>, now: number): void {
    const climb = this.#store.one(id);
    if (climb) this.#step(climb, outcome, now);
    this.#arm();
  }

  /** [HN1][HN9] The alarm: whatever has waited long enough climbs on, or is ordered again. */
  climb(now: number): void {
    for (const climb of this.#store.due(now)) this.#step(climb, { type: 'due' }, now);
    this.#arm();
  }

  forget(before: number): void {
    this.#store.forget(before);
  }

  #step(climb: StoredClimb, event: ClimbEvent, now: number): void {
    const { climb: next, effects } = stepClimb(climb, kinds[climb.kind], event, now);
    if (next === climb && effects.length === 0) return;
    const ordered = effects.some((effect) => effect.do === 'order');
    this.#store.set(climb.id, next, ordered ? now : null);
    for (const effect of effects) {
      const { id, kind: notice, beganAt } = climb;
      if (effect.do === 'order') this.#tell({ kind: 'climb', id, notice, beganAt, rung: effect.rung });
      else this.#tell({ kind: 'call_over', id, callId: climb.facts.callId as CallId });
    }
  }

  #arm(): void {
    const next = this.#store.nextDueAt();
    if (next === null) this.#alarms.clear('ladder');
    else this.#alarms.set('ladder', next);
  }
}
