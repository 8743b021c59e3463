/**
 * What a member may spend, and the ways to pay what falls due, in order. Pure: what they have was read before, and whether a
 * way still pays the ledger decides.
 */
import type { UserId } from '../../protocol/ids.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import { carry, debit, incomeOf, type Move, type PostingKind } from '../balance/rules.ts';
import type { AllowanceTerms, MeansUse } from '../balance/service.ts';
import { PIECE, type PieceTerms, partsOfCall } from '../moments/rules.ts';
import type { PlanTerms } from '../subscriptions/rules.ts';
import type { ChargeOrder, DueCheckpoint, Owner } from './port.ts';

/** Which means a model spends. */
export interface Spending {
  /** `any`: a plan, the free one too. `paid`: one that was paid for. */
  readonly plan: 'any' | 'paid' | 'none';
  readonly moments: boolean;
  /** `beyond_plan`: where the plan allows it. */
  readonly coins: 'always' | 'beyond_plan';
}

const own: Readonly<Record<MonetizationVersion, Spending>> = {
  tokens: { plan: 'none', moments: false, coins: 'always' },
  subscription: { plan: 'any', moments: true, coins: 'beyond_plan' },
  moments: { plan: 'none', moments: true, coins: 'always' },
};

/** What a member spends under a model. Whoever moved to it goes on spending all they brought along. */
export function spendingOf(version: MonetizationVersion, moved: boolean): Spending {
  const spending = own[version];
  return moved ? { plan: spending.plan === 'none' ? 'paid' : spending.plan, moments: true, coins: 'always' } : spending;
}

/** Whether coins pay under a plan; null: there is none that counts. */
export const spendsCoins = ({ coins }: Spending, plan: PlanTerms | null): boolean =>
  coins === 'always' || plan === null || plan.overage === 'coins';

/** A way to pay one checkpoint. */
export interface Way {
  readonly kind: Extract<PostingKind, 'checkpoint' | 'allowance' | 'piece' | 'grace' | 'outage'>;
  readonly moves: readonly Move[];
  /** What is used up beside what moves. */
  readonly use?: MeansUse;
}

/** A member's plan and day, as they stood when the checkpoint fell due. */
export interface PlanDay {
  readonly plan: PlanTerms;
  readonly day: AllowanceTerms;
}

/** Pieces that run with the companion, the oldest first, and what a piece is. */
export interface Company {
  readonly terms: PieceTerms;
  readonly running: readonly { readonly key: string }[];
}

/** What there is to spend on one checkpoint or message; null where it does not count. */
export interface Holdings {
  readonly spending: Spending;
  readonly planDay: PlanDay | null;
  readonly company: Company | null;
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
export const byMoments = (payer: Owner, payeeId: UserId, running: Company['running'], parts: number): Way[] => [
  ...running.map(({ key }): Way => ({ kind: 'piece', moves: [], use: { means: 'piece', piece: key, parts } })),
  {
    kind: 'piece',
    moves: [debit(payer, 'MOMENT', incomeOf('MOMENT'), 1)],
    use: { means: 'new_piece', peer: payeeId, size: PIECE, parts: Math.min(parts, PIECE) },
  },
];

/** The ways to pay a checkpoint: the day's allowance, a piece that runs, the next moment, coins, the house. */
export const waysOf = (order: ChargeOrder, due: DueCheckpoint, { spending, planDay, company }: Holdings): Way[] => [
  ...(planDay ? [byAllowance(planDay, { seconds: order.coversSeconds, messages: 0 })] : []),
  ...(company
    ? byMoments(order.payer, order.payee.userId, company.running, partsOfCall(company.terms, order.media, order.coversSeconds))
    : []),
  ...(spendsCoins(spending, planDay?.plan ?? null) ? [byCoins(order, due)] : []),
  ...byHouse(order, due),
];
