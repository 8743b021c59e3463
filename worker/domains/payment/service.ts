/** The room's door for others: the catalogue, paywalls, whose a purchase is, and the sandbox shop of a developer's machine. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Id } from '../../protocol/ids.ts';
import type { UnitAmount } from '../../protocol/money.ts';
import { credit, type Owner, postOne, sourceOf } from '../balance/service.ts';
import { countSandbox } from './spending.ts';

export { addPrice, changeProduct, listProducts, makeProduct } from './catalogue-desk.ts';
export { changePaywall, listPaywalls, makePaywall, paywallFor } from './paywalls.ts';
export { isPurchaseOf } from './purchases.ts';

/**
 * Sells coins for nothing, as `purchase:sandbox:<id>`. What the buyer owes is settled first; the limits they set themselves hold.
 * @throws Problem `spending_limit`, `spending_paused`; `overloaded` where the ledger did not answer; the purchase may have gone through, the balance tells
 */
export async function buyFromSandbox(
  ctx: Context,
  { buyer, amount }: { buyer: Owner; amount: number },
): Promise<{ purchaseId: Id<'pur'>; balances: UnitAmount[] }> {
  const purchaseId = newId('pur');
  await countSandbox(ctx, buyer.userId, { ref: purchaseId, coins: amount });
  const answer = await postOne(ctx, {
    owner: buyer,
    key: `purchase:sandbox:${purchaseId}`,
    kind: 'purchase',
    ref: purchaseId,
    actor: buyer.userId,
    eventAt: ctx.now,
    intent: { unit: 'COIN', amount },
    moves: [credit(buyer, 'COIN', sourceOf('COIN'), amount)],
  });
  if (answer.outcome !== 'posted')
    throw new Problem('overloaded', 'The ledger did not answer in time. Look at your balance before you try again.', { retryAfter: 2 });
  const balances = [...answer.posting.balances].map(([unit, balance]) => ({ unit, amount: balance }));
  return { purchaseId, balances };
}
