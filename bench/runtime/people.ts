/** People for a benchmark: made by the services, signed in without a code. */
import { credit, post } from '../../worker/domains/balance/service.ts';
import { enrol } from '../../worker/domains/companions/service.ts';
import { changeProfile } from '../../worker/domains/profile/service.ts';
import { startShift } from '../../worker/domains/shifts/service.ts';
import { createUser } from '../../worker/domains/user/service.ts';
import { openSession } from '../../worker/domains/user/sessions.ts';
import type { Context } from '../../worker/platform/context.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { Role } from '../../worker/protocol/people.ts';

export interface PersonWish {
  readonly name: string;
  readonly role: Role;
  readonly shard: number;
  /** What a member begins with. */
  readonly coins?: number;
}

export interface BenchPerson {
  readonly userId: UserId;
  readonly token: string;
  readonly shard: number;
}

/** Made in the order of the wishes, some at a time. */
export async function makePeople(ctx: Context, wishes: readonly PersonWish[]): Promise<BenchPerson[]> {
  const people: BenchPerson[] = [];
  for (let n = 0; n < wishes.length; n += 10)
    people.push(...(await Promise.all(wishes.slice(n, n + 10).map((wish) => makePerson(ctx, wish)))));
  return people;
}

async function makePerson(ctx: Context, { name, role, shard, coins }: PersonWish): Promise<BenchPerson> {
  const email = `${name}@bench.test`;
  const user = await createUser(ctx, { email, role, monetizationVersion: 'tokens', ledgerShard: shard });
  await changeProfile(ctx, user.id, { public: { displayName: name } });
  if (role === 'companion') {
    await enrol(ctx, { userId: user.id, media: ['audio', 'video'], tier: 'standard', approved: true });
    await startShift(ctx, user.id);
  }
  if (coins) {
    const owner = { userId: user.id, shard };
    const moves = [credit(owner, 'COIN', 'issuance', coins)];
    const key = `seed:bench:${name}`;
    await post(ctx, [{ owner, key, kind: 'seed', ref: 'bench', actor: 'system', eventAt: ctx.now, intent: { coins }, moves }]);
  }
  const attempt = { method: 'otp', origin: { ip: null, country: null } } as const;
  const { accessToken } = await openSession(ctx, user, { device: undefined, app: undefined, attempt });
  return { userId: user.id, token: accessToken, shard };
}
