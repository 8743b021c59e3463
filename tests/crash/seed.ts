/**
 * Puts the people of a crash run into the databases of a state folder whose Worker is not running:
 * `node tests/crash/seed.ts <state folder> <pairs>`. Members and companions, half of the pairs across two ledger shards.
 */
import { bindingsOf } from '../../scripts/stack/bindings.ts';
import { enrol } from '../../worker/domains/companions/service.ts';
import { changeProfile } from '../../worker/domains/profile/service.ts';
import { startShift } from '../../worker/domains/shifts/service.ts';
import { createUser } from '../../worker/domains/user/service.ts';
import { type Context, contextOf } from '../../worker/platform/context.ts';
import { ok } from '../../worker/platform/result.ts';
import type { UserHubStub } from '../../worker/platform/stubs.ts';
import type { Role } from '../../worker/protocol/people.ts';
import { companionMail, memberMail } from './town.ts';

const [state = '', pairs = '0'] = process.argv.slice(2);
const { env, dispose } = await bindingsOf(state);
// Nobody is there to be told: hubs learn from the tables when they wake.
const noHub = { shiftChanged: async () => ok(null) } as Partial<UserHubStub> as UserHubStub;
const ctx: Context = contextOf(
  { ...env, USER_HUB: { getByName: () => noHub } },
  { now: Date.now(), requestId: 'crash-seed', waitUntil: (work) => void work },
);

async function person(email: string, role: Role, ledgerShard: number) {
  const user = await createUser(ctx, { email, role, monetizationVersion: 'tokens', ledgerShard });
  await changeProfile(ctx, user.id, { public: { displayName: email.split('@')[0] ?? email } });
  return user;
}

try {
  for (let n = 0; n < Number(pairs); n++) {
    await person(memberMail(n), 'member', n % 2);
    const companion = await person(companionMail(n), 'companion', n % 4 < 2 ? n % 2 : 1 - (n % 2));
    await enrol(ctx, { userId: companion.id, media: ['audio', 'video'], tier: 'standard', approved: true });
    await startShift(ctx, companion.id);
  }
} finally {
  await dispose();
}
