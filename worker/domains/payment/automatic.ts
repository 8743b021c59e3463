/**
 * Coins that buy themselves when few are left. A member's hub sees each change of their balance and knows below what to
 * order (`topUpBelow`); the order comes by the queue, looks again, and buys by the newest saved card.
 */
import type { Context } from '../../platform/context.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Delivery } from '../../platform/queues.ts';
import { userHub } from '../../platform/stubs.ts';
import type { Automatic } from '../../protocol/http/shop.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { balancesOf } from '../balance/service.ts';
import { userById } from '../user/service.ts';
import { failed } from './automatic-failures.ts';
import { type AutomaticRow, automaticRow, putAutomatic } from './automatic-store.ts';
import { type Buyer, offeredAt } from './catalogue.ts';
import { cardsAt } from './charging.ts';
import { isOpen } from './intent-rules.ts';
import { customerRow, openIntentsOf } from './intent-store.ts';
import { type Begun, begin } from './intents.ts';
import { charge } from './top-up.ts';

/** The caller's; null: never set. */
export async function automaticOf(ctx: Context, userId: UserId): Promise<Automatic | null> {
  const row = await automaticRow(ctx.env.DB, userId);
  return row ? toWire(row) : null;
}

/**
 * Sets it, on or off. Switched on, it begins without failures.
 * @throws Problem `price_gone`, `not_found`; `validation_failed` for what is not coins; `no_card`
 */
export async function setAutomatic(
  ctx: Context,
  buyer: Buyer,
  wish: { priceId: Id<'pri'>; threshold: number; monthlyCap: number; on: boolean },
): Promise<Automatic> {
  const { userId } = buyer;
  if (wish.on) {
    const { product } = await offeredAt(ctx, buyer, wish.priceId);
    if (product.kind !== 'coins')
      throw new Problem('validation_failed', 'Only coins are bought by themselves.', {
        fields: [{ path: 'priceId', message: 'must be of coins' }],
      });
    const customer = await customerRow(ctx.env.DB, userId);
    if (customer === null || (await cardsAt(ctx, customer)).length === 0)
      throw new Problem('no_card', 'There is no saved card. Pay once by Checkout, and it is kept.');
  }
  const row: AutomaticRow = {
    userId,
    price: wish.priceId,
    threshold: wish.threshold,
    monthlyCap: wish.monthlyCap,
    state: wish.on ? 'on' : 'off',
    failures: 0,
    changedAt: ctx.now,
  };
  await putAutomatic(ctx.env.DB, row);
  unwrap(await userHub(ctx.env, userId).topUpBelow({ threshold: wish.on ? wish.threshold : null }));
  return toWire(row);
}

const toWire = ({ price, threshold, monthlyCap, state, failures }: AutomaticRow): Automatic => ({
  priceId: price,
  threshold,
  monthlyCap,
  on: state === 'on',
  /** Switched off because the card was declined twice. */
  stopped: state === 'off' && failures > 0,
});

/**
 * Carries out one order, safe to repeat: nothing is bought where there are coins enough by now or one is under way, and an
 * order that was cut off goes on with the same charge.
 */
export async function topUpIfLow(ctx: Context, userId: UserId): Promise<Delivery> {
  const { DB } = ctx.env;
  const [row, user, customer] = await Promise.all([automaticRow(DB, userId), userById(ctx, userId), customerRow(DB, userId)]);
  if (!row || row.state === 'off' || !user) return { done: true };
  const { balances } = await balancesOf(ctx, { userId, shard: user.ledgerShard }, ['COIN']);
  if ((balances.find(({ unit }) => unit === 'COIN')?.amount ?? 0) >= row.threshold) return { done: true };
  try {
    const begun = await beginAutomatic(ctx, user.id, row, { userId, role: user.role, monetizationVersion: user.monetizationVersion });
    const card = customer === null ? undefined : (await cardsAt(ctx, customer))[0];
    if (customer === null || !card) {
      await failed(ctx, begun.intent);
      return { done: true };
    }
    const charged = await charge(ctx, begun, { customer, card: card.id, away: true });
    if (!isOpen(charged.state) && charged.state === 'failed') await failed(ctx, charged);
    return { done: true };
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    if (thrown.code === 'overloaded') return { retry: true, code: 'not_answered' };
    // A limit of the member's own, or a price that is sold no more: nothing to try again.
    ctx.log.info('an automatic top-up was not made', { code: thrown.code });
    return { done: true };
  }
}

/** The one that is open, to be carried on, or a new one. */
async function beginAutomatic(ctx: Context, userId: UserId, { price }: AutomaticRow, buyer: Buyer): Promise<Begun> {
  const open = (await openIntentsOf(ctx.env.DB, userId)).find(({ way }) => way === 'automatic');
  const wish = { way: 'automatic' as const, priceId: open?.price ?? price, placement: null };
  return begin(ctx, buyer, { ...wish, idempotencyKey: open?.idempotencyKey ?? newId('pin') });
}
