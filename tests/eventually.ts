/** For tests inside workerd: work that nobody waits for, waited for. */

/** Longest wait, ms: only what never comes reaches it. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 10;

/**
 * Asks until `check` passes. The clock that the test has set stands still meanwhile: `vi.waitFor` would move it on with each
 * look, and the slower the machine, the further.
 * @returns what `check` answered
 * @throws what it threw last, where it never passed
 */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; ; await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))) {
    try {
      return await check();
    } catch (thrown) {
      if (performance.now() > end) throw thrown;
    }
  }
}
