/**
 * What a member pays by: version, plan, clock, and what the services would read of their books. Which ways there are, which
 * day counts and how far means carry is decided by the real rules.
 */
import type { KnownMeans } from '../../durable-objects/call-session/core/state.ts';
import type { Pace, PieceTerms } from '../../worker/domains/moments/rules.ts';
import type { ChargeOrder, DueCheckpoint, Owner } from '../../worker/domains/pricing/port.ts';
import type { Way } from '../../worker/domains/pricing/ways.ts';
import type { PlanTerms, Subscription } from '../../worker/domains/subscriptions/rules.ts';
import type { CallMedia } from '../../worker/protocol/call/call.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { MonetizationVersion } from '../../worker/protocol/people.ts';
import type { LedgerModel } from './ledger-model.ts';
import type { Random } from './random.ts';
import type { Rules } from './rules.ts';

/** What is sold in a world: plans from the least to the most, and what a moment buys. */
export interface Offer {
  readonly plans: readonly PlanTerms[];
  readonly piece: PieceTerms;
}

/** Small enough to be used up within a call. */
export function drawOffer(random: Random): Offer {
  const overage = () => random.pick(['stop', 'coins', 'coins'] as const);
  const audioSeconds = random.pick([600, 150, 120, 90, 70]);
  return {
    plans: [
      {
        id: 'free',
        dailySeconds: random.pick([0, 20, 60, 150]),
        dailyMessages: 1,
        overage: random.pick(['stop', 'stop', 'coins'] as const),
      },
      { id: 'plus', dailySeconds: random.pick([90, 180]), dailyMessages: 2, overage: overage() },
      { id: 'premium', dailySeconds: random.pick([200, 600, 7_200]), dailyMessages: 3, overage: overage() },
    ],
    piece: { audioSeconds, videoSeconds: audioSeconds / 2, messages: 20, restMs: 86_400_000 },
  };
}

/** A call with a companion, and how its checkpoints come. */
export interface Meeting {
  readonly peer: UserId;
  readonly media: CallMedia;
  readonly now: number;
  readonly pace: Pace;
}

export class Purse {
  readonly owner: Owner;
  version: MonetizationVersion;
  zone: string;
  subscription: Subscription | null = null;
  /** They were moved from another model before. */
  moved = false;
  private readonly rules: Rules;
  private readonly ledger: LedgerModel;
  private readonly offer: Offer;

  constructor(of: { owner: Owner; rules: Rules; ledger: LedgerModel; offer: Offer; version: MonetizationVersion; zone: string }) {
    this.owner = of.owner;
    this.rules = of.rules;
    this.ledger = of.ledger;
    this.offer = of.offer;
    this.zone = of.zone;
    this.version = of.version;
  }

  private get books() {
    return this.ledger.shard(this.owner.shard).means;
  }

  /** The day of the plan that counts, where one does. */
  private day(at: number, spends: 'any' | 'paid' | 'none') {
    const { rules, offer, subscription } = this;
    if (spends === 'none' || (spends === 'paid' && rules.planInForce(subscription, at) === null)) return null;
    const plan = rules.termsInForce(offer.plans, subscription, at);
    const day = rules.dayAt(at, this.zone, this.books.daysAround(this.owner.userId, at), plan);
    const paidUntil = subscription && rules.planInForce(subscription, at) !== null ? subscription.until : null;
    return { plan, ...day, until: rules.dayStandsUntil(day.beganAt, this.zone, paidUntil) };
  }

  /** The ways to pay a checkpoint, as they are read at this moment. */
  ways(version: MonetizationVersion, order: ChargeOrder, due: DueCheckpoint): Way[] {
    const { rules, offer, owner } = this;
    const spending = rules.spendingOf(version, this.moved);
    const found = this.day(order.eventAt, spending.plan);
    const planDay = found && {
      plan: found.plan,
      day: { beganAt: found.beganAt, plan: found.plan.id, seconds: found.plan.dailySeconds, messages: found.plan.dailyMessages },
    };
    const terms = offer.piece;
    const running = this.books.piecesWith(owner.userId, order.payee.userId, order.eventAt - terms.restMs);
    return rules.waysOf(order, due, { spending, planDay, company: spending.moments ? { terms, running } : null });
  }

  /** What there is for a call with this companion now. */
  means(version: MonetizationVersion, { peer, media, now, pace }: Meeting): KnownMeans {
    const { rules, owner } = this;
    const spending = rules.spendingOf(version, this.moved);
    const found = this.day(now, spending.plan);
    const { seconds, amount, until } = rules.meansOf(spending, {
      day: found && { ...found, turnsAt: '' },
      company: spending.moments ? this.company(peer, { media, now, pace, after: found?.secondsLeft ?? 0 }) : null,
      coins: this.ledger.balance(owner.shard, `${owner.userId}:COIN`),
    });
    return { seconds, amount, until };
  }

  private company(peer: UserId, at: { media: CallMedia; now: number; pace: Pace; after: number }) {
    const terms = this.offer.piece;
    const pieces = this.books.piecesWith(this.owner.userId, peer, at.now - terms.restMs);
    const lots = this.books.openLots(this.owner.userId).filter(({ expiresAt }) => expiresAt > at.now);
    const momentsLeft = lots.reduce((sum, { amount, used }) => sum + amount - used, 0);
    return { ...this.rules.companyAhead({ pieces, lots, terms, ...at }), momentsLeft };
  }
}
