/** One end of a running call, as an app is: reports media at once, pings by the heartbeat and at each checkpoint. */
import type { Body, Line, Person } from './client.ts';

export const HEARTBEAT_MS = 5_000;

/** When a party's proof for a moment of the wall was answered: the first ping sent at or after it, by its `pong`. */
interface Proof {
  readonly sentAt: number;
  readonly answeredAt: number;
}

export class Talker {
  readonly #line: Line;
  readonly #proofs: Proof[] = [];
  readonly #sent: number[] = [];
  #silent = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #extra: NodeJS.Timeout | undefined;
  /** Moments announced as those at which the next checkpoint falls due, in order. */
  readonly #due: number[] = [];
  /** The moment of the last ping sent. */
  lastPingAt = 0;
  /** The state of the call as last heard. */
  state = '';
  readonly active: Promise<unknown>;
  /** Told of each checkpoint of this party, with the last moment before it that was announced for one (null: none was). */
  onCheckpoint: (frame: Body, dueAt: number | null, heardAt: number) => void = () => {};
  onState: (frame: Body) => void = () => {};

  constructor(line: Line) {
    this.#line = line;
    this.active = line.next('call.state', (frame) => frame.state === 'active');
    // Whoever waits for it hears of it; nobody may, where the call was not even answered.
    this.active.catch(() => {});
    line.onFrame = (frame) => this.#hear(frame);
  }

  /** Goes on with heartbeats from a moment of its own, as people begin at any. */
  async begin(firstPingAfterMs: number): Promise<void> {
    await this.#line.open;
    this.#heartbeat = setTimeout(() => {
      this.#ping();
      this.#heartbeat = setInterval(() => this.#ping(), HEARTBEAT_MS);
    }, firstPingAfterMs);
  }

  /** When this party had proved the moment `at` of the wall, as heard here; null if it has not. */
  provedAt(at: number): number | null {
    return this.#proofs.find(({ sentAt }) => sentAt >= at)?.answeredAt ?? null;
  }

  /** Forgets proofs of moments before `at`. */
  forget(at: number): void {
    while (this.#proofs[0] && this.#proofs[0].sentAt < at) this.#proofs.shift();
  }

  /** What the two browsers tell each other to find a way. */
  signal(data: object): void {
    this.#line.send({ type: 'signal', data });
  }

  async end(): Promise<void> {
    const over = this.#line.next('call.ended');
    this.#line.send({ type: 'end' });
    await over;
  }

  /** No close, no word: the line is simply dead. */
  silence(): void {
    this.#silent = true;
    clearTimeout(this.#heartbeat);
    clearInterval(this.#heartbeat);
    clearTimeout(this.#extra);
  }

  leave(): void {
    this.silence();
    this.#line.close();
  }

  #ping(): void {
    this.lastPingAt = Date.now();
    this.#sent.push(this.lastPingAt);
    this.#line.ping();
  }

  #hear(frame: Body): void {
    const now = Date.now();
    switch (frame.type) {
      case 'pong': {
        const sentAt = this.#sent.shift();
        if (sentAt !== undefined) this.#proofs.push({ sentAt, answeredAt: now });
        return;
      }
      case 'media':
        this.#line.send({ type: 'media.connected' });
        return;
      case 'call.ended':
        this.state = `ended: ${frame.reason}`;
        return;
      case 'call.state':
        this.state = frame.state;
        this.onState(frame);
        this.#pingAt(frame.nextAt);
        return;
      case 'billing.checkpoint':
        this.onCheckpoint(frame, this.#due.findLast((at) => at <= now) ?? null, now);
        this.#pingAt(frame.nextAt);
    }
  }

  #pingAt(at: string | null): void {
    if (at === null || this.#silent) return;
    const due = Date.parse(at);
    if (due === this.#due.at(-1)) return;
    this.#due.push(due);
    clearTimeout(this.#extra);
    // A timer of this clock may fire a millisecond early, which would prove nothing.
    this.#extra = setTimeout(() => this.#ping(), Math.max(0, due - Date.now()) + 1);
  }
}

/** A call placed and answered, with both ends on it; resolves when it runs. */
export async function beginCall(
  { member, companion }: { member: Person; companion: Person },
  firstPings: readonly [number, number] = [0, 0],
): Promise<{ id: string; ends: readonly [Talker, Talker] }> {
  const { call, socket } = await member.ask('POST', '/calls', { calleeId: companion.userId, media: 'audio' });
  const caller = new Talker(member.call(socket));
  await caller.begin(firstPings[0]);
  const answer = await companion.ask('POST', `/calls/${call.id}/accept`, {});
  const callee = new Talker(companion.call(answer.socket));
  await callee.begin(firstPings[1]);
  await Promise.all([caller.active, callee.active]);
  return { id: call.id, ends: [caller, callee] };
}
