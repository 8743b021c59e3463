/** Units and amounts. An amount is an integer beside its unit and never a fraction (money.md, "The ledger"). */
import * as z from 'zod/mini';

/** COIN: a member's coins. MOMENT: moment packs. EARN: a companion's earning coins. Units never mix. */
export const unit = z.enum(['COIN', 'MOMENT', 'EARN']);
export type Unit = z.infer<typeof unit>;

/** The largest amount one posting may move; far above any price, far below what a double can't hold. */
export const MAX_AMOUNT = 1_000_000_000;

/** A positive amount. */
export const amount = z.int().check(z.gte(1), z.lte(MAX_AMOUNT));
/** A signed change. */
export const delta = z.int().check(z.gte(-MAX_AMOUNT), z.lte(MAX_AMOUNT));

export const unitAmount = z.object({ unit, amount: z.int() });
export type UnitAmount = z.infer<typeof unitAmount>;
