/** Time, chance and timers as arguments, so that every machine in this folder can be driven by a test. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** 0 ≤ x < 1. */
  random(): number;
  /** Runs `work` once after `ms`; the answer cancels it. */
  after(ms: number, work: () => void): () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
