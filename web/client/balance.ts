/**
 * What the person has, kept live. `balance.changed` frames chain by `prevEventId`; a frame that does not follow the last
 * known event means something was missed, and the events are read over HTTP instead of guessed.
 */
import { readBalance, readBalanceEvents } from '../../worker/protocol/http/me.ts';
import type { BalanceChanged } from '../../worker/protocol/hub/latest.ts';
import type { Unit } from '../../worker/protocol/money.ts';
import type { Api } from './api.ts';
import { OneReading } from './one-reading.ts';
import { Store } from './store.ts';

export type Amounts = Readonly<Partial<Record<Unit, number>>>;

export class Balance {
  /** Null until first read. */
  readonly amounts = new Store<Amounts | null>(null);
  readonly #api: Api;
  readonly #lastEvent = new Map<Unit, string>();
  #cursor: string | null = null;
  readonly #reading = new OneReading(() => this.#read());

  constructor(api: Api) {
    this.#api = api;
  }

  /** Takes a frame of the hub. */
  changed(frame: BalanceChanged): void {
    const known = this.#lastEvent.get(frame.unit);
    if (known === frame.eventId) return;
    // While a read is under way its answer decides: the frame may be older or newer than what it brings.
    if (!this.#reading.underWay && this.amounts.get() !== null && known !== undefined && known === frame.prevEventId) {
      this.#lastEvent.set(frame.unit, frame.eventId);
      this.#show({ [frame.unit]: frame.amount });
      return;
    }
    void this.catchUp();
  }

  /** Reads what was missed (everything, the first time). Calls during a read lead to one more read after it. */
  catchUp(): Promise<void> {
    return this.#reading.ask();
  }

  async #read(): Promise<void> {
    try {
      if (this.amounts.get() === null) {
        const { balances, cursor } = await this.#api.call(readBalance);
        this.#cursor = cursor;
        this.#show(Object.fromEntries(balances.map(({ unit, amount }) => [unit, amount])));
        return;
      }
      for (;;) {
        const after = this.#cursor;
        const { items, cursor } = await this.#api.call(readBalanceEvents, { query: after === null ? {} : { after } });
        for (const event of items) {
          this.#lastEvent.set(event.unit, event.id);
          this.#show({ [event.unit]: event.balanceAfter });
        }
        if (cursor !== null) this.#cursor = cursor;
        if (items.length === 0 || cursor === after) return;
      }
    } catch {
      // Nothing is shown that was not read; the next frame, or the next hello of the hub, asks again.
    }
  }

  #show(change: Amounts): void {
    this.amounts.set({ ...this.amounts.get(), ...change });
  }
}
