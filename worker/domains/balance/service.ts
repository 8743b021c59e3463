/** The ledger's only door: postings in, balances and their events out (money.md, "The ledger"; rules in SPEC.md). */
export { type AdjustOrder, adjust, type ReverseAnswer, type ReverseOrder, reverse, type TakeBackOrder, takeBack } from './corrections.ts';
export { type Income, incomeById, incomeOfOwner, type Period, receivedIn } from './income.ts';
export { daysAround, lotsOf, overdueLotsOf, piecesOf } from './means.ts';
export type { AllowanceDay, AllowanceTerms, Lot, MeansUse, Piece } from './means-store.ts';
export { type GraceUse, type PairAnswer, type PostAnswer, post, postOne, postPair } from './posting.ts';
export { accountsOf, balancesOf, eventsBack, eventsOf, movedUnder, spendable } from './reading.ts';
export type { OwnerAccount } from './reading-store.ts';
export type { RefusalReason } from './refusals.ts';
export {
  carry,
  clawBack,
  credit,
  debit,
  type Fact,
  type House,
  incomeOf,
  type Move,
  type Owner,
  type PostingKind,
  sourceOf,
} from './rules.ts';
export type { BalanceChange, Posted } from './store.ts';
