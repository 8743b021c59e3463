/**
 * The laws of what pays beside coins: days of allowance, lots of moments, pieces of company, and the order in which means are
 * spent. Kept from postings alone, by their own arithmetic. What a charge could know is what stood when it read: everything
 * that happens here has its turn, and so has every reading.
 */
import { PIECE } from '../../worker/domains/moments/rules.ts';
import type { ChargeOrder } from '../../worker/domains/pricing/port.ts';
import type { PlanTerms, Subscription } from '../../worker/domains/subscriptions/rules.ts';
import type { CallMedia } from '../../worker/protocol/call/call.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { MonetizationVersion } from '../../worker/protocol/people.ts';
import type { LedgerModel, Posting } from './ledger-model.ts';
import type { Offer } from './purse.ts';
import { hold } from './violation.ts';
import { midnightBefore } from './zones.ts';

const SHORTEST_DAY_MS = 20 * 3_600_000;
const LOT_MS = 180 * 86_400_000;

/** One member's means, folded from their postings and from what befell them. */
interface Fold {
  readonly days: { readonly beganAt: number; readonly knownSince: number; used: number }[];
  readonly lots: { readonly expiresAt: number; left: number }[];
  readonly pieces: {
    readonly key: string;
    readonly peer: UserId;
    readonly knownSince: number;
    left: number;
    usedAt: number;
    toldIn: number;
  }[];
  readonly subscriptions: { readonly turn: number; readonly at: number; readonly is: Subscription | null }[];
  readonly zones: { readonly turn: number; readonly at: number; readonly is: string }[];
  /** The turn in which they last were given something, whatever it was. */
  gainedIn: number;
  /** The turn in which they first were moved to another model. */
  movedIn: number;
}

/** An attempt to pay, and the turn in which was read what it goes by. */
interface Attempt {
  readonly order: ChargeOrder;
  readonly version: MonetizationVersion;
  readonly readIn: number;
}

/** A checkpoint that is still to come. */
export interface Ahead {
  readonly at: number;
  readonly covers: number;
  readonly amount: number;
}

export class MeansLaws {
  private readonly ledger: LedgerModel;
  private readonly offer: Offer;
  private readonly folds = new Map<UserId, Fold>();
  private readonly attempts = new Map<string, Attempt>();
  private turns = 0;
  /** The last posting of whose moments moved since lots were compared. */
  private readonly moved = new Map<UserId, Posting>();

  constructor(ledger: LedgerModel, offer: Offer) {
    this.ledger = ledger;
    this.offer = offer;
  }

  // ── what befalls a member ──────────────────────────────────────────────────────────────────────────────

  lives(owner: UserId, at: number, zone: string): void {
    this.of(owner).zones.push({ turn: ++this.turns, at, is: zone });
  }

  subscribes(owner: UserId, at: number, subscription: Subscription): void {
    const fold = this.of(owner);
    fold.gainedIn = ++this.turns;
    fold.subscriptions.push({ turn: this.turns, at, is: subscription });
  }

  /** A charge reads what there is; the turn is to be named with what it attempts. */
  reads(): number {
    return ++this.turns;
  }

  /** A way is tried now. */
  attempting(key: string, attempt: Attempt): void {
    this.attempts.set(key, attempt);
  }

  private of(owner: UserId): Fold {
    let fold = this.folds.get(owner);
    if (fold === undefined) {
      fold = {
        days: [],
        lots: [],
        pieces: [],
        subscriptions: [{ turn: 0, at: 0, is: null }],
        zones: [],
        gainedIn: 0,
        movedIn: Number.POSITIVE_INFINITY,
      };
      this.folds.set(owner, fold);
    }
    return fold;
  }

  /** What is known of a member, in words, for a violation. */
  told(owner: UserId): string {
    const { days, lots, pieces, subscriptions } = this.of(owner);
    return JSON.stringify({ days, lots, pieces, subscription: subscriptions.at(-1)?.is });
  }

  // ── postings ───────────────────────────────────────────────────────────────────────────────────────────

  /** Every posting, in the order in which the books have them. */
  posted(posting: Posting): void {
    const fold = this.of(posting.owner);
    this.turns += 1;
    if (posting.kind === 'migration') fold.movedIn = Math.min(fold.movedIn, this.turns);
    for (const { from, to, unit, amount } of posting.transfers) {
      if (unit === 'COIN' && to === `${posting.owner}:COIN`) fold.gainedIn = this.turns;
      if (unit !== 'MOMENT') continue;
      this.moved.set(posting.owner, posting);
      if (to === `${posting.owner}:MOMENT`) {
        fold.lots.push({ expiresAt: posting.expiresAt ?? posting.at + LOT_MS, left: amount });
        fold.gainedIn = this.turns;
      }
      if (from === `${posting.owner}:MOMENT`) this.taken(fold, posting, amount);
    }
  }

  /** Everything that came was read: the ledger's lots are what it made of them. */
  lotsAgree(balanceOf: (posting: Posting) => number): void {
    for (const posting of this.moved.values()) this.agree(posting, this.of(posting.owner), balanceOf(posting));
    this.moved.clear();
  }

  private taken(fold: Fold, posting: Posting, amount: number): void {
    const { kind, eventAt } = posting;
    if (kind === 'expiry') {
      hold('a lot expires when its time is over', posting.at >= eventAt, () => `${posting.key}: at ${posting.at}, due ${eventAt}`);
      // Lots of one moment are one heap here.
      const heap = fold.lots.filter((lot) => lot.expiresAt === eventAt);
      hold('an expiry takes its own lot', heap.reduce((sum, { left }) => sum + left, 0) >= amount, () => posting.key);
      spend(heap, amount);
      return;
    }
    const open = fold.lots.filter(({ left, expiresAt }) => left > 0 && (kind !== 'piece' || expiresAt > eventAt));
    open.sort((a, b) => a.expiresAt - b.expiresAt);
    const left = spend(open, amount);
    hold('an expired moment pays nothing', left === 0, () => `${posting.key}: ${left} of ${amount} from lots that are gone`);
  }

  private agree({ owner, shard, key }: Posting, { lots }: Fold, balance: number): void {
    const theirs = this.ledger.shard(shard).means.lots.get(owner) ?? [];
    const sum = theirs.reduce((total, { amount, used }) => total + amount - used, 0);
    hold('lots sum to the balance', sum === balance, () => `${owner} has ${balance} moments, lots come to ${sum}`);
    for (const { expiresAt } of lots) {
      const mine = lots.reduce((total, lot) => total + (lot.expiresAt === expiresAt ? lot.left : 0), 0);
      const says = theirs.reduce((total, lot) => total + (lot.expiresAt === expiresAt ? lot.amount - lot.used : 0), 0);
      hold('moments go oldest first', mine === says, () => `${key}: of the lot of ${expiresAt} ${says} are left, not ${mine}`);
    }
  }

  /**
   * A payer's checkpoint was paid: by means there were, by the first that could, and by no more than it took.
   * @param covers seconds that it covers by the laws' own prices
   * @param coins what the payer had in coins just before
   */
  paid(posting: Posting, of: { version: MonetizationVersion; covers: number; amount: number; coins: number }): void {
    const attempt = this.attempts.get(posting.key);
    hold('a checkpoint is paid by an order', attempt !== undefined, () => posting.key);
    const { order, version } = attempt;
    hold('an order covers what its tariff says', order.coversSeconds === of.covers, () => `${posting.key}: ${order.coversSeconds}`);
    hold('a call keeps the model it began with', version === of.version, () => `${posting.key}: ${version}, not ${of.version}`);
    const { use } = posting;
    const uses = use?.means === 'allowance' ? 'allowance' : use ? 'piece' : null;
    hold(
      'a checkpoint is paid by one means',
      uses === (posting.kind === 'allowance' || posting.kind === 'piece' ? posting.kind : null),
      () => `${posting.key} ${posting.kind} uses ${uses}`,
    );
    const fold = this.of(posting.owner);
    const moments = posting.transfers.reduce((sum, { unit, amount }) => sum + (unit === 'MOMENT' ? amount : 0), 0);
    if (posting.kind === 'allowance' || posting.kind === 'piece')
      hold(
        'what is paid for already takes nothing, what opens a piece one moment',
        posting.transfers.length === moments && moments === (use?.means === 'new_piece' ? 1 : 0),
        () => `${posting.key}: ${moments} moments, ${posting.transfers.length} transfers`,
      );
    if (posting.kind === 'allowance') this.byAllowance(fold, posting, attempt);
    else if (this.hasPlan(fold, version, order.eventAt, attempt.readIn)) this.allowanceCould(fold, posting, attempt);
    if (posting.kind === 'piece') this.byPiece(fold, posting, attempt);
    if (uses !== null) return;
    this.companyCould(fold, posting, attempt);
    this.coinsCould(fold, posting, attempt, of);
  }

  private byAllowance(fold: Fold, posting: Posting, attempt: Attempt): void {
    const { order, version, readIn } = attempt;
    if (posting.use?.means !== 'allowance') return;
    const { day, seconds } = posting.use;
    hold('only a plan has an allowance', this.hasPlan(fold, version, order.eventAt, readIn), () => `${posting.key} under ${version}`);
    hold(
      'an allowance pays what is covered',
      seconds === order.coversSeconds,
      () => `${posting.key}: ${seconds} of ${order.coversSeconds} s`,
    );
    const expected = this.dayOf(fold, order.eventAt, readIn);
    hold(
      'a checkpoint counts to the day in which it fell due',
      day.beganAt === expected,
      () => `${posting.key}: ${day.beganAt}, not ${expected}`,
    );
    let its = fold.days.find(({ beganAt }) => beganAt === day.beganAt);
    if (its === undefined) {
      for (const { beganAt } of fold.days)
        hold(
          'a day never turns sooner than 20 h',
          Math.abs(beganAt - day.beganAt) >= SHORTEST_DAY_MS,
          () => `${posting.key}: ${beganAt}, ${day.beganAt}`,
        );
      its = { beganAt: day.beganAt, knownSince: this.turns, used: 0 };
      fold.days.push(its);
    }
    its.used += seconds;
    const limit = this.planAt(fold, order.eventAt, readIn).dailySeconds;
    hold('an allowance is never above its limit', its.used <= limit, () => `${posting.key}: ${its.used} of ${limit} s`);
  }

  private byPiece(fold: Fold, posting: Posting, { order, readIn, version }: Attempt): void {
    const { use, eventAt } = posting;
    if (use === undefined || use.means === 'allowance') return;
    hold(
      'moments are spent where the model does, or they were brought along',
      spendsMoments(fold, version, readIn),
      () => `${posting.key} under ${version}`,
    );
    const whole = this.offer.piece[order.media === 'video' ? 'videoSeconds' : 'audioSeconds'];
    const parts = Math.max(1, Math.ceil((order.coversSeconds * PIECE) / whole));
    const ran = this.runningAt(fold, order, readIn);
    if (use.means === 'new_piece') {
      const rest = ran.find(({ left }) => left > 0);
      hold(
        'no moment for time that a piece covers',
        rest === undefined,
        () => `${posting.key}: ${rest?.left} parts of ${rest?.key} are left`,
      );
      hold('a piece is for one companion', use.peer === order.payee.userId && use.size === PIECE, () => posting.key);
      fold.pieces.push({
        key: posting.key,
        peer: use.peer,
        knownSince: this.turns,
        left: PIECE - Math.min(parts, PIECE),
        usedAt: eventAt,
        toldIn: this.turns,
      });
      hold('a piece pays what is covered', use.parts === Math.min(parts, PIECE), () => `${posting.key}: ${use.parts}`);
      return;
    }
    const piece = fold.pieces.find(({ key }) => key === use.piece);
    hold('a piece that pays was opened', piece !== undefined, () => posting.key);
    hold('a piece is for one companion', piece.peer === order.payee.userId, () => `${posting.key} from a piece with ${piece.peer}`);
    hold('a piece that pays has a rest', piece.left > 0, () => `${posting.key} from ${piece.key}`);
    hold(
      'a rest serves for 24 hours',
      piece.toldIn > readIn || piece.usedAt + this.offer.piece.restMs > eventAt,
      () => `${posting.key} from ${piece.key}`,
    );
    hold('a piece pays what is covered', use.parts === parts, () => `${posting.key}: ${use.parts}, not ${parts}`);
    const older = ran.find(
      ({ key, left }) => left > 0 && key !== piece.key && fold.pieces.findIndex((one) => one.key === key) < fold.pieces.indexOf(piece),
    );
    hold('the oldest piece is used first', older === undefined, () => `${posting.key}: ${older?.key} came before ${piece.key}`);
    piece.left = Math.max(0, piece.left - parts);
    piece.usedAt = Math.max(piece.usedAt, eventAt);
    piece.toldIn = this.turns;
  }

  /** Pieces with this companion that were there when the charge read, within their rest. */
  private runningAt(fold: Fold, { payee, eventAt }: ChargeOrder, readIn: number) {
    const { restMs } = this.offer.piece;
    return fold.pieces.filter(({ peer, knownSince, usedAt }) => peer === payee.userId && knownSince < readIn && usedAt + restMs > eventAt);
  }

  /** Something else paid under a plan: the day has too little left, or none can be begun. */
  private allowanceCould(fold: Fold, posting: Posting, { order, readIn }: Attempt): void {
    const beganAt = this.dayOf(fold, order.eventAt, readIn);
    const day = fold.days.find((one) => one.beganAt === beganAt);
    const tooSoon = day === undefined && fold.days.some((one) => Math.abs(one.beganAt - beganAt) < SHORTEST_DAY_MS);
    const left = this.planAt(fold, order.eventAt, readIn).dailySeconds - (day?.used ?? 0);
    hold(
      'the allowance pays first',
      tooSoon || left < order.coversSeconds,
      () => `${posting.key} by ${posting.kind}: ${left} s of the day are left`,
    );
  }

  /** Coins or the house paid: no piece ran, and there was no moment. */
  private companyCould(fold: Fold, posting: Posting, { order, readIn, version }: Attempt): void {
    if (!spendsMoments(fold, version, readIn)) return;
    const rest = this.runningAt(fold, order, readIn).find(({ left }) => left > 0);
    hold('a piece that runs pays before coins', rest === undefined, () => `${posting.key}: ${rest?.left} parts of ${rest?.key}`);
    const moments = fold.lots.reduce((sum, { left, expiresAt }) => sum + (expiresAt > order.eventAt ? left : 0), 0);
    hold('moments pay before coins', moments === 0 || fold.gainedIn >= readIn, () => `${posting.key}: ${moments} moments are left`);
  }

  private coinsCould(fold: Fold, posting: Posting, { order, readIn, version }: Attempt, of: { amount: number; coins: number }): void {
    const beyond = version !== 'subscription' || this.planAt(fold, order.eventAt, readIn).overage === 'coins';
    const spent = beyond || fold.movedIn <= readIn;
    if (posting.kind === 'checkpoint') hold('coins pay beyond a plan where it allows them', spent, () => posting.key);
    else
      hold(
        'the house pays only what the payer can’t',
        !spent || of.coins < of.amount || fold.gainedIn >= readIn,
        () => `${posting.key}: ${of.coins} in hand for ${of.amount}`,
      );
  }

  // ── what counted at a moment ───────────────────────────────────────────────────────────────────────────

  /** The day that holds `at`, by the zone and the days that were known in that turn. */
  private dayOf({ days, zones }: Fold, at: number, readIn: number): number {
    const zone = zones.findLast(({ turn }) => turn <= readIn)?.is ?? 'UTC';
    const midnight = midnightBefore(at, zone);
    const known = days.filter(({ knownSince }) => knownSince <= readIn).map(({ beganAt }) => beganAt);
    const before = Math.max(...known.filter((day) => day <= at));
    if (midnight - before < SHORTEST_DAY_MS) return before;
    const after = Math.min(...known.filter((day) => day > at));
    return after - midnight < SHORTEST_DAY_MS ? after : midnight;
  }

  /** Whether an allowance counts: under the model of plans any, to who moved one that was paid for. */
  private hasPlan(fold: Fold, version: MonetizationVersion, at: number, readIn: number): boolean {
    if (version === 'subscription') return true;
    const word = fold.subscriptions.findLast(({ turn }) => turn <= readIn)?.is;
    return fold.movedIn <= readIn && word != null && ['active', 'grace', 'cancelled'].includes(word.state) && at < word.until;
  }

  private planAt({ subscriptions }: Fold, at: number, readIn: number): PlanTerms {
    const word = subscriptions.findLast(({ turn }) => turn <= readIn)?.is;
    const runs = word && ['active', 'grace', 'cancelled'].includes(word.state) && at < word.until;
    const [free] = this.offer.plans;
    const plan = runs ? this.offer.plans.find(({ id }) => id === word.plan) : free;
    hold('there is a plan', plan !== undefined, () => String(word?.plan));
    return plan;
  }

  /** Whether what falls due at `due` is paid by a day that begins after `now`. Not told of who moved about since the call was placed. */
  renews(owner: UserId, version: MonetizationVersion, of: { since: number; now: number; due: number }, covers: number): boolean {
    const { since, now, due } = of;
    // Where only a paid plan counts, it begins to with a move that no call is told of.
    if (version !== 'subscription') return false;
    const fold = this.of(owner);
    const changed = (at: number) => at > since && at <= now;
    if (fold.zones.some(({ at }) => changed(at)) || fold.subscriptions.some(({ at }) => changed(at))) return false;
    const beganAt = this.dayOf(fold, due, this.turns);
    if (beganAt <= now || beganAt > due) return false;
    const used = fold.days.find((day) => day.beganAt === beganAt)?.used ?? 0;
    return covers <= this.planAt(fold, due, this.turns).dailySeconds - used;
  }

  /**
   * Whether something a member had came to its end or was lessened between two moments.
   * @param plansFrom plans that ended before this are not counted
   */
  shrank(owner: UserId, from: number, to: number, plansFrom: number = from): boolean {
    const within = (at: number) => at > from && at <= to;
    const { lots, pieces, subscriptions, zones } = this.of(owner);
    return (
      // Elsewhere another day counts.
      zones.some(({ at }) => within(at)) ||
      lots.some(({ expiresAt }) => within(expiresAt)) ||
      pieces.some(({ usedAt }) => within(usedAt + this.offer.piece.restMs)) ||
      subscriptions.some((word) => within(word.at) || (word.is !== null && within(word.is.until) && word.is.until > plansFrom))
    );
  }

  /**
   * How many of the checkpoints ahead a member could pay if nothing else happened.
   * @param coins what they have of them
   */
  affords(
    owner: UserId,
    version: MonetizationVersion,
    of: { peer: UserId; media: CallMedia; coins: number; now: number },
    ahead: readonly Ahead[],
  ): number {
    const fold = this.of(owner);
    const { now, peer } = of;
    const plan = this.planAt(fold, now, this.turns);
    const beganAt = this.dayOf(fold, now, this.turns);
    let allowance = this.hasPlan(fold, version, now, this.turns)
      ? plan.dailySeconds - (fold.days.find((day) => day.beganAt === beganAt)?.used ?? 0)
      : 0;
    const moved = fold.movedIn <= this.turns;
    let coins = version === 'subscription' && plan.overage === 'stop' && !moved ? 0 : of.coins;
    const company = spendsMoments(fold, version, this.turns);
    const whole = this.offer.piece[of.media === 'video' ? 'videoSeconds' : 'audioSeconds'];
    const pieces = fold.pieces.filter((piece) => piece.peer === peer).map(({ left, usedAt }) => ({ left, usedAt }));
    const lots = fold.lots.toSorted((a, b) => a.expiresAt - b.expiresAt).map((lot) => ({ ...lot }));
    for (const [n, { at, covers, amount }] of ahead.entries()) {
      const parts = Math.max(1, Math.ceil((covers * PIECE) / whole));
      const piece = company ? pieces.find(({ left, usedAt }) => left > 0 && usedAt + this.offer.piece.restMs > at) : undefined;
      const lot = company ? lots.find(({ left, expiresAt }) => left > 0 && expiresAt > at) : undefined;
      if (covers <= allowance) allowance -= covers;
      else if (piece) {
        piece.left -= parts;
        piece.usedAt = at;
      } else if (lot) {
        lot.left -= 1;
        pieces.push({ left: PIECE - parts, usedAt: at });
      } else if (amount <= coins) coins -= amount;
      else return n;
    }
    return ahead.length;
  }
}

const spendsMoments = ({ movedIn }: Fold, version: MonetizationVersion, readIn: number): boolean =>
  version !== 'tokens' || movedIn <= readIn;

/** Takes `amount` from these, in their order; returns what they did not have. */
function spend(heaps: { left: number }[], amount: number): number {
  let open = amount;
  for (const heap of heaps) {
    const taken = Math.min(open, heap.left);
    heap.left -= taken;
    open -= taken;
  }
  return open;
}
