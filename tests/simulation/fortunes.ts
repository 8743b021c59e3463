/** What befalls a member's means in the middle of a call, apart from the call itself. */
import type { Purse } from './purse.ts';
import type { SessionHost } from './session.ts';
import type { World } from './world.ts';
import { zones } from './zones.ts';

/** A store says how a subscription stands: better, less, paused, over, or ending soon. */
export function subscribe(world: World, purse: Purse): void {
  const { random, agenda, laws, offer } = world;
  const state = random.pick(['active', 'active', 'active', 'grace', 'cancelled', 'paused', 'expired'] as const);
  const until = agenda.now + random.pick([30_000, 100_000, 1_000_000, 30 * 86_400_000, 30 * 86_400_000]);
  purse.subscription = { plan: random.pick(offer.plans).id, state, until };
  laws.means.subscribes(purse.owner.userId, agenda.now, purse.subscription);
}

/** Draws what happens to the payer of a call while they talk. */
export function befall(world: World, session: SessionHost): void {
  const { random, agenda } = world;
  const { record } = session;
  const payer = world.person(record[record.payer].id);
  const purse = world.purse(payer);
  const soon = () => random.pick([0, 20_000, 60_000, 120_000]) + random.int(-300, 20_000);
  if (record.payerVersion === 'subscription' && random.chance(0.4))
    agenda.after(Math.max(0, soon()), () => {
      subscribe(world, purse);
      world.note(payer.userId, `${purse.subscription?.plan} ${purse.subscription?.state}`);
      if (random.chance(0.6)) world.tellFunds(session);
    });
  if (random.chance(0.06))
    agenda.after(Math.max(0, soon()), () => {
      purse.zone = random.pick(zones).name;
      world.laws.means.lives(payer.userId, agenda.now, purse.zone);
      world.note(payer.userId, `lands in ${purse.zone}`);
    });
  // Another model from here on; a call that runs keeps the one it began with.
  if (random.chance(0.12))
    agenda.after(Math.max(0, soon() + random.pick([0, 200_000])), () => {
      purse.version = random.pick(['tokens', 'subscription', 'moments'] as const);
      purse.moved = true;
      world.note(payer.userId, `moves to ${purse.version}`);
      world.ledger.migrate({ owner: payer.userId, shard: payer.shard, key: `migration:${world.nextMove()}`, now: agenda.now });
    });
}
