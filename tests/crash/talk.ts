/** One pair's call through a run: placed, answered, talked, cut off, taken up again, ended. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './client.ts';
import { Phone, type Span } from './phone.ts';
import type { PairPlan } from './plan.ts';
import type { Pair } from './town.ts';

export class Talk {
  readonly pair: Pair;
  readonly plan: PairPlan;
  readonly #origin: string;
  readonly #key = crypto.randomUUID();
  #cut = false;
  #member: Phone | null = null;
  #companion: Phone | null = null;
  callId: string | null = null;
  /** The last refusal of the call, where it was not placed. */
  refusal: Answer | null = null;
  /** Both said that they are connected, before the crash. */
  running = false;

  constructor(origin: string, pair: Pair, plan: PairPlan) {
    this.#origin = origin;
    this.pair = pair;
    this.plan = plan;
  }

  /** Everything up to the crash. Whatever the crash cuts off is left as it is. */
  async begin(): Promise<void> {
    await pause(this.plan.placeAfterMs);
    const ticket = await this.#place();
    if (!this.callId || this.#cut) return;
    this.#member = new Phone(this.#origin, this.pair.member, this.callId);
    if (!(await this.#member.open(ticket))) return;
    if (this.plan.fate === 'unanswered') return;
    await pause(this.plan.answerAfterMs);
    if (!this.#cut) await this.#answer();
    this.running = (await this.#member.until('active', 30_000)) && !this.#cut;
    if (this.plan.fate !== 'late' || !this.running) return;
    await pause(this.plan.talkMs);
    if (!this.#cut) await this.#hangUp();
  }

  /** The runtime is gone: everybody's line is. */
  cut(): void {
    this.#cut = true;
    this.#member?.vanish();
    this.#companion?.vanish();
  }

  /** After the restart: whoever means to comes back, as an app would, and ends the call in its time. */
  async goOn(): Promise<void> {
    this.#cut = false;
    if (!this.callId && this.plan.insists) await this.#place();
    if (!this.callId) return;
    const { fate } = this.plan;
    if (fate === 'lost') return;
    this.#member ??= new Phone(this.#origin, this.pair.member, this.callId);
    const open = await this.#member.open();
    if (!open || fate === 'unanswered') return;
    if (fate !== 'alone') {
      if (this.#companion) await this.#companion.open();
      else await this.#answer();
      await this.#member.until('active', 40_000);
    }
    await pause(this.plan.goOnMs);
    // Who sits alone waits until the server ends it; so does who can't pay.
    if (fate === 'talk' || fate === 'late') await this.#hangUp();
  }

  leave(): void {
    this.#member?.vanish();
    this.#companion?.vanish();
  }

  /** When each party was there, with media. */
  spans(): { member: readonly Span[]; companion: readonly Span[] } {
    return { member: this.#member?.spans() ?? [], companion: this.#companion?.spans() ?? [] };
  }

  /** @returns the ticket that came with the call */
  async #place(): Promise<string | undefined> {
    const answer = await this.pair.member.post('/calls', { calleeId: this.pair.companion.userId, media: 'audio' }, this.#key);
    if (answer.status === 201) this.callId = answer.body.call.id;
    else this.refusal = answer;
    return answer.body?.socket?.ticket;
  }

  async #answer(): Promise<void> {
    const { status, body } = await this.pair.companion.post(`/calls/${this.callId}/accept`);
    if (status !== 200 || !this.callId) return;
    this.#companion = new Phone(this.#origin, this.pair.companion, this.callId);
    if (!this.#cut) await this.#companion.open(body.socket.ticket);
  }

  async #hangUp(): Promise<void> {
    const { hangsUp, hangsUpBy } = this.plan;
    const phone = hangsUp === 'member' ? this.#member : this.#companion;
    if (hangsUpBy === 'socket' && phone) {
      phone.end();
      if (await phone.until('ended', 2_000)) return;
    }
    await this.pair[hangsUp].post(`/calls/${this.callId}/end`);
  }
}
