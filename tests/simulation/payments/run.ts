/**
 * `npm run simulate -- --payments N --seed S`: N histories, each in many orders. One of them alone, `--seed S-12`, replays.
 * Exit code 1 on a violation, with the history's seed.
 */
import { Violation } from '../violation.ts';
import { liveThrough, noCounts } from './live.ts';

/** @param seed of the first history `S-0`; one with a number behind it names that history alone */
export async function simulatePayments(wanted: number, seed: string): Promise<boolean> {
  const alone = seed.includes('-');
  const counts = noCounts();
  const began = performance.now();
  let told = began;
  const line = (): string => {
    const seconds = (performance.now() - began) / 1000;
    const parts = Object.entries(counts).map(([name, count]) => `${count.toLocaleString('en')} ${name}`);
    return `${parts.join(', ')}, ${Math.round(counts.histories / seconds).toLocaleString('en')} histories/s`;
  };
  for (let n = 0; n < (alone ? 1 : wanted); n++) {
    const history = alone ? seed : `${seed}-${n}`;
    try {
      await liveThrough(history, counts);
    } catch (thrown) {
      const words =
        thrown instanceof Violation ? thrown.message : thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      console.error(`violation in history ${history}: ${words}`);
      console.error(`replay: npm run simulate -- --payments 1 --seed ${history}`);
      console.log(`seed ${seed}: ${line()}, 1 violation`);
      return false;
    }
    if (performance.now() - told > 2_000) {
      told = performance.now();
      console.log(line());
    }
  }
  console.log(`seed ${seed}: ${line()}, 0 violations`);
  return true;
}
