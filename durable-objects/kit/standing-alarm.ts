/**
 * The one alarm of an object, set only where it does not stand already: each setting is billed like a row written. What
 * stands is known in memory, and after an eviction from the platform (`recall`).
 */
export class StandingAlarm {
  readonly #storage: DurableObjectStorage;
  /** ms since the epoch; null: none is set; undefined: not known. */
  #at: number | null | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /**
   * For the constructor, inside `blockConcurrencyWhile`: learns what stood before the object was put to sleep.
   * @returns when it rings, ms; what is past due rings next
   */
  async recall(): Promise<number | null> {
    const at = await this.#storage.getAlarm();
    this.#at = at;
    return at;
  }

  /** First word of the object's `alarm()`: the platform has taken it away, and gives it again only if the handler fails. */
  rang(): void {
    this.#at = null;
  }

  /** After a transaction was undone, and the alarm set in it: the next setting is carried out whatever stands. */
  mistrust(): void {
    this.#at = undefined;
  }

  /** When it rings, as far as is known and still to come at `now`; null else. */
  comesAt(now: number): number | null {
    return this.#at !== undefined && this.#at !== null && this.#at > now ? this.#at : null;
  }

  /** Safe inside `transactionSync`. Not awaited: the output gate holds every answer back until it is durable. */
  set(at: number): void {
    if (this.#at === at) return;
    this.#at = at;
    void this.#storage.setAlarm(at);
  }

  clear(): void {
    if (this.#at === null) return;
    this.#at = null;
    void this.#storage.deleteAlarm();
  }
}
