/** Reads one at a time: whoever asks during a reading leads to one more after it, so that the last word is always heard. */
export class OneReading {
  readonly #read: () => Promise<void>;
  #reading: Promise<void> | null = null;
  #again = false;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  get underWay(): boolean {
    return this.#reading !== null;
  }

  ask(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#read().finally(() => {
      this.#reading = null;
      if (!this.#again) return;
      this.#again = false;
      void this.ask();
    });
    return this.#reading;
  }
}
