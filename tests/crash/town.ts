/** The stack of a crash run: its people, a tariff and settings at the scale of seconds. */
import { Failure } from '../../scripts/stack/failure.ts';
import { freePorts } from '../../scripts/stack/ports.ts';
import { runToEnd } from '../../scripts/stack/processes.ts';
import { type Stack, startStack } from '../../scripts/stack/stack.ts';
import { Client } from './client.ts';
import { Ear } from './ear.ts';

export const memberMail = (n: number): string => `crash-member-${n}@crash.test`;
export const companionMail = (n: number): string => `crash-companion-${n}@crash.test`;

/** What both sides pay and earn at which connected second. */
export const sides = {
  payer: { unit: 'COIN', checkpoints: [5, 2, 4], atSeconds: [0, 1, 3], then: { everySeconds: 1, amount: 3 } },
  payee: { unit: 'EARN', checkpoints: [1], atSeconds: [2], then: { everySeconds: 2, amount: 2 } },
} as const;
export type Side = keyof typeof sides;

export const DEAD_MS = 1_000;
const settings = {
  'call.ringMs': 10_000,
  'call.ringMobileMs': 10_000,
  'call.connectMs': 15_000,
  'call.heartbeatMs': 300,
  'call.deadMs': DEAD_MS,
  // Longer than a busy machine takes to start again, or everybody comes back too late.
  'call.reconnectMs': 40_000,
  'call.soloMs': 5_000,
  'call.frozenMs': 90_000,
  'call.maxSeconds': 120,
};

export interface Pair {
  readonly member: Client;
  readonly companion: Client;
  /** The companion's device on the hub. */
  readonly ear: Ear;
}

export interface Town {
  readonly stack: Stack;
  readonly pairs: readonly Pair[];
  readonly admin: Client;
}

/** A fresh town of `size` pairs in `state`. */
export async function buildTown(state: string, size: number, say: (line: string) => void): Promise<Town> {
  const stack = await startStack({
    ports: await freePorts(),
    state,
    parts: ['api'],
    progress: ({ step, ms }) => ms === undefined || say(`✓ ${step}`),
  });
  try {
    await stack.kill9();
    await runToEnd(
      {
        name: 'people',
        command: process.execPath,
        args: ['tests/crash/seed.ts', stack.state, String(size)],
        log: `${stack.state}/logs/people.log`,
      },
      'The people of the crash run could not be put in.',
    );
    await stack.restartWorker();
    const origin = stack.origins.api;
    const admin = new Client(origin, 'alex@demo.test');
    const pairs = Array.from({ length: size }, (_, n) => {
      const companion = new Client(origin, companionMail(n));
      return { member: new Client(origin, memberMail(n)), companion, ear: new Ear(origin, companion) };
    });
    const town = { stack, pairs, admin };
    await signInAll(town);
    await layDown(admin);
    return town;
  } catch (thrown) {
    await stack.stop();
    throw thrown;
  }
}

/** Everybody signed in with tokens that last for the next run. */
export async function signInAll({ admin, pairs }: Town): Promise<void> {
  await admin.signIn();
  for (const { member, companion } of pairs) await Promise.all([member.signIn(), companion.signIn()]);
}

async function layDown(admin: Client): Promise<void> {
  for (const [key, value] of Object.entries(settings)) await admin.must(admin.put(`/admin/settings/${key}`, { value }));
  const parties = (['payer', 'payee'] as const).map((party) => ({
    party,
    unit: sides[party].unit,
    direction: party === 'payer' ? 'debit' : 'credit',
    checkpoints: sides[party].checkpoints.map((amount, n) => ({ atSeconds: sides[party].atSeconds[n], amount })),
    then: sides[party].then,
  }));
  const { tariff } = await admin.must(
    admin.post('/admin/tariffs', {
      name: 'By the second',
      match: { kind: 'direct', media: 'audio', payerRole: 'member', payeeRole: 'companion', direction: 'member_to_companion' },
      parties,
      maxSeconds: settings['call.maxSeconds'],
    }),
  );
  const published = await admin.must(admin.post(`/admin/tariffs/${tariff.id}/publish`));
  if (published.tariff?.state !== 'published')
    throw new Failure('The tariff of the crash run was not published.', JSON.stringify(published));
}
