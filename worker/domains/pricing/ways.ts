/**
 * The ways to pay what falls due, by model and in order. Pure: what a member has was read before, and whether a way still
 * pays the ledger decides.
 */
import type { UserId } from '../../protocol/ids.ts';
import { carry, debit, incomeOf, type Move, type PostingKind } from '../balance/rules.ts';
import type { AllowanceTerms, MeansUse } from '../balance/service.ts';
import { PIECE, type PieceTerms, partsOfCall } from '../moments/rules.ts';
import type { PlanTerms } from '../subscriptions/rules.ts';
import type { ChargeOrder, DueCheckpoint, Owner } from './port.ts';

/** A way to pay one checkpoint. */
export interface Way {
  readonly kind: Extract<PostingKind, 'checkpoint' | 'allowance' | 'piece' | 'grace' | 'outage'>;
  readonly moves: readonly Move[];
  /** What is used up beside what moves. */
  readonly use?: MeansUse;
}

/** Pieces that run with the companion, the oldest first. */
export type RunningPieces = readonly { readonly key: string }[];

/** A member's plan and day, as they stood when the checkpoint fell due. */
export interface PlanDay {
  readonly plan: PlanTerms;
  readonly day: AllowanceTerms;
}

export const byCoins = (order: ChargeOrder, due: DueCheckpoint): Way => ({
  kind: 'checkpoint',
  moves: [debit(order.payer, due.unit, incomeOf(due.unit), due.amount)],
});

/** The house's ways, where the order allows them: grace first, then for an outage. */
export function byHouse(order: ChargeOrder, due: DueCheckpoint): Way[] {
  const kinds = [...(order.grace ? (['grace'] as const) : []), ...(order.outage ? (['outage'] as const) : [])];
  return kinds.map((kind) => ({ kind, moves: [carry(due.unit, 'grace', incomeOf(due.unit), due.amount)] }));
}

/** Nothing moves: the day's allowance is used in the posting's own batch, whole or not at all. */
export const byAllowance = ({ day }: PlanDay, takes: { readonly seconds: number; readonly messages: number }): Way => ({
  kind: 'allowance',
  moves: [],
  use: { means: 'allowance', day, ...takes },
});

/** What takes `parts`: each piece that runs, the oldest first, then a new one that a moment opens. */
export const byMoments = (payer: Owner, payeeId: UserId, running: RunningPieces, parts: number): Way[] => [
  ...running.map(({ key }): Way => ({ kind: 'piece', moves: [], use: { means: 'piece', piece: key, parts } })),
  {
    kind: 'piece',
    moves: [debit(payer, 'MOMENT', incomeOf('MOMENT'), 1)],
    use: { means: 'new_piece', peer: payeeId, size: PIECE, parts: Math.min(parts, PIECE) },
  },
];

/** The model `tokens`: coins. */
export const tokenWays = (order: ChargeOrder, due: DueCheckpoint): Way[] => [byCoins(order, due), ...byHouse(order, due)];

/** The model `moments`: a piece that runs, the next moment, coins from before. */
export const momentWays = (
  order: ChargeOrder,
  due: DueCheckpoint,
  has: { readonly terms: PieceTerms; readonly running: RunningPieces },
): Way[] => [
  ...byMoments(order.payer, order.payee.userId, has.running, partsOfCall(has.terms, order.media, order.coversSeconds)),
  byCoins(order, due),
  ...byHouse(order, due),
];

/** The model `subscription`: the day's allowance, moments from before, coins where the plan allows them. */
export const subscriptionWays = (
  order: ChargeOrder,
  due: DueCheckpoint,
  has: PlanDay & { readonly terms: PieceTerms; readonly running: RunningPieces },
): Way[] => [
  byAllowance(has, { seconds: order.coversSeconds, messages: 0 }),
  ...byMoments(order.payer, order.payee.userId, has.running, partsOfCall(has.terms, order.media, order.coversSeconds)),
  ...(has.plan.overage === 'coins' ? [byCoins(order, due)] : []),
  ...byHouse(order, due),
];
