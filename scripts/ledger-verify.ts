/**
 * `npm run ledger:verify`: proves the local books from the first transfer on and checks every seal. Only reads, so it may
 * run beside a running stack. Exit code 1 where anything is wrong.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getPlatformProxy } from 'wrangler';
import { holds, type Proof, prove } from '../worker/domains/balance/proof.ts';
import type { Env } from '../worker/env.ts';
import { contextOf } from '../worker/platform/context.ts';
import { quiet } from './stack/worker.ts';

const state = process.env.HEARTHLINE_STATE || '.hearthline';
if (!existsSync(join(state, 'v3'))) {
  console.error(`There are no books in ${state} yet: run npm start first, or name another folder with HEARTHLINE_STATE=<folder>.`);
  process.exit(1);
}
Object.assign(process.env, quiet(state), { WRANGLER_LOG: 'error' });

// The databases and the seals alone: the objects live in the Worker, which is not here.
const books = join(state, 'books.toml');
const sections = readFileSync('wrangler.toml', 'utf8').split(/^(?=\[)/m);
const storage = sections.filter((section) => /^\[\[env\.local\.(d1_databases|r2_buckets)\]\]/.test(section));
const dated = sections[0]?.split('\n').filter((line) => /^(name|compatibility_date)\b/.test(line)) ?? [];
writeFileSync(books, `${dated.join('\n')}\n\n${storage.join('')}`);

const { env, dispose } = await getPlatformProxy<Env>({
  configPath: books,
  environment: 'local',
  persist: { path: join(state, 'v3') },
});
let proof: Proof;
try {
  proof = await prove(contextOf(env, { now: Date.now(), requestId: 'ledger:verify', waitUntil: () => {} }), {
    wholeUpTo: Number.POSITIVE_INFINITY,
  });
} finally {
  await dispose();
}

console.log('unit     sum  accounts  transfers  mismatches  below floor');
for (const row of proof.units) {
  const cells = [row.sum, row.accounts, row.transfers, row.mismatches, row.belowFloor];
  const widths = [6, 10, 11, 12, 13];
  console.log(row.unit.padEnd(6) + cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join(''));
}
console.log(`pairs    ${proof.pairs.missing} halves missing`);
console.log(`outbox   ${proof.outbox.waiting} waiting, ${proof.outbox.parked} parked`);
console.log(`seals    ${proof.seals.days} days, ${proof.seals.broken} broken`);
for (const violation of proof.violations) console.log(`wrong: ${violation}`);
const well = holds(proof);
console.log(well ? 'The books hold.' : 'The books do not hold.');
process.exit(well ? 0 : 1);
