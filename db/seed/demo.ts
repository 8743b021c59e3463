/**
 * The local demo data, put in by the services that real people use. It fills what is missing and touches nothing that is
 * there: a second run changes nothing, and what somebody changed since stays.
 */
import { credit, postOne, sourceOf } from '../../worker/domains/balance/service.ts';
import { draftTariff, goldenTariff, publishTariff, tariffFor } from '../../worker/domains/billing/service.ts';
import { companionById, enrol } from '../../worker/domains/companions/service.ts';
import { changeProfile, hasProfile } from '../../worker/domains/profile/service.ts';
import { changeHours, hoursOf, lastShift, startShift } from '../../worker/domains/shifts/service.ts';
import { subscribe, subscriptionOf } from '../../worker/domains/subscriptions/service.ts';
import { createUser, type User } from '../../worker/domains/user/service.ts';
import type { Env } from '../../worker/env.ts';
import type { Context } from '../../worker/platform/context.ts';
import { ok } from '../../worker/platform/result.ts';
import type { UserHubStub } from '../../worker/platform/stubs.ts';
import { callMedia } from '../../worker/protocol/call/call.ts';
import { onboardingStep } from '../../worker/protocol/http/comfort.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { seedCatalogue } from './catalogue.ts';
import { type DemoPerson, demoPeople } from './people.ts';

/** @throws Error outside the environment `local`, before anything is touched */
export async function seedDemo({ env, ...rest }: Context): Promise<void> {
  if (env.ENVIRONMENT !== 'local') throw new Error(`demo data is for the environment local, not for ${env.ENVIRONMENT}`);
  const ctx: Context = { ...rest, env: { ...env, USER_HUB: emptyHubs } };
  const made = new Map<string, User>();
  for (const person of demoPeople) made.set(person.name, await seedPerson(ctx, person));
  const publisher = made.get('alex');
  if (!publisher) throw new Error('the demo has nobody to publish its tariff');
  await seedTariff(ctx, publisher.id);
  await seedCatalogue(ctx, publisher.id);
}

/** Runs before the Worker does: nobody is there to be told, and hubs learn from the tables when they wake. */
const emptyHubs: Env['USER_HUB'] = {
  getByName: () => ({ shiftChanged: async () => ok(null), balanceChanged: async () => ok(null) }) as Partial<UserHubStub> as UserHubStub,
};

async function seedPerson(ctx: Context, person: DemoPerson): Promise<User> {
  const user = await createUser(ctx, {
    email: `${person.name}@demo.test`,
    role: person.role,
    monetizationVersion: person.monetizationVersion ?? 'tokens',
    ...(person.ledgerShard === undefined ? {} : { ledgerShard: person.ledgerShard }),
  });
  if (!(await hasProfile(ctx, user.id))) await seedProfile(ctx, user.id, person);
  if (person.companion) await seedCompanion(ctx, user.id, person.companion);
  if (person.plan && !(await subscriptionOf(ctx, user.id)))
    await subscribe(ctx, { userId: user.id, plan: person.plan, state: 'active', until: ctx.now + YEAR_MS });
  if (person.balance) await seedBalance(ctx, user, person.name, person.balance);
  return user;
}

const YEAR_MS = 365 * 24 * 60 * 60_000;

const seedProfile = (ctx: Context, id: UserId, { displayName, about, languages, skills, gender, ageBand }: DemoPerson): Promise<void> =>
  changeProfile(ctx, id, {
    public: { displayName, about, languages: [...languages], skills: [...skills], gender, ageBand },
    // They have been here before: home is what they open.
    comfort: { onboarding: Object.fromEntries(onboardingStep.options.map((step) => [step, 'skipped' as const])) },
  });

async function seedCompanion(ctx: Context, userId: UserId, facts: NonNullable<DemoPerson['companion']>): Promise<void> {
  const { media, tier } = facts;
  if (!(await companionById(ctx, userId))) await enrol(ctx, { userId, media, tier, approved: true });
  if (!(await lastShift(ctx, userId))) await startShift(ctx, userId);
  if ((await hoursOf(ctx, userId, facts.hours.timeZone)).items.length === 0)
    await changeHours(ctx, { userId, fallbackZone: facts.hours.timeZone, ...facts.hours });
}

async function seedBalance(ctx: Context, user: User, name: string, { unit, amount }: NonNullable<DemoPerson['balance']>): Promise<void> {
  const owner = { userId: user.id, shard: user.ledgerShard };
  const answer = await postOne(ctx, {
    owner,
    key: `seed:${name}`,
    kind: 'seed',
    ref: `seed:${name}`,
    actor: 'system',
    eventAt: ctx.now,
    moves: [credit(owner, unit, sourceOf(unit), amount)],
    intent: { unit, amount },
  });
  if (answer.outcome !== 'posted') throw new Error(`the demo balance of ${name} was not posted: ${answer.outcome}`);
}

/** The golden example for direct calls by each medium, unless a tariff serves that medium already. */
async function seedTariff(ctx: Context, actor: UserId): Promise<void> {
  for (const media of callMedia.options) {
    const served = await tariffFor(ctx, {
      kind: 'direct',
      media,
      payerRole: 'member',
      payeeRole: 'companion',
      direction: 'member_to_companion',
    });
    if (served) continue;
    const { id } = await draftTariff(ctx, { terms: goldenTariff, actor });
    await publishTariff(ctx, { id, actor });
  }
}
