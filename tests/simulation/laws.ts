/**
 * The laws of a world (docs: design of the simulation). They look at what was decided, posted and locked from outside,
 * with their own arithmetic, at every step; `fold` and `end` look at everything again.
 */
import type { CallEvent } from '../../durable-objects/call-session/core/events.ts';
import { type CallRecord, connectedMsOf, isOver, sides } from '../../durable-objects/call-session/core/state.ts';
import type { Step } from '../../durable-objects/call-session/core/step.ts';
import type { ChargeOrder } from '../../worker/domains/pricing/port.ts';
import type { PlaceOrder } from '../../worker/platform/stubs.ts';
import type { CallParty } from '../../worker/protocol/call/call.ts';
import type { Tariff } from '../../worker/protocol/http/tariffs.ts';
import type { CallId } from '../../worker/protocol/ids.ts';
import { Books } from './books.ts';
import { Connected } from './connected.ts';
import type { CallNews, Item } from './hub.ts';
import { GRACE_PER_PAIR, GRACE_PER_PAYEE, type Posting, paidByOf } from './ledger-model.ts';
import { type Ahead, MeansLaws } from './means-laws.ts';
import type { Device } from './people.ts';
import { PriceList } from './price-list.ts';
import type { SessionHost } from './session.ts';
import { hold } from './violation.ts';
import type { World } from './world.ts';

type Side = 'payer' | 'payee';
const billing: readonly Side[] = ['payer', 'payee'];

/** Prices in force from a connected moment on, with `n` counted on from what was posted before. */
interface Prices {
  readonly tariff: Tariff;
  readonly lists: Record<Side, PriceList>;
  readonly fromN: Record<Side, number>;
  /** Seconds a call may last under them. */
  longest: number;
}

/** A call and those that resume it: they share one row of postings. */
interface Chain {
  /** In force one after another: a change of medium begins the next. */
  readonly prices: Prices[];
  readonly posted: Record<Side, Posting[]>;
  readonly seconds: Record<Side, Set<number>>;
  /** The second whose payment was refused, as far as the call heard of it; lifted by a call that resumes. */
  refusedAt: number | null;
  graceDenied: boolean;
}

interface Life {
  readonly session: SessionHost;
  readonly order: PlaceOrder;
  readonly chain: Chain;
  readonly connected: Connected;
  readonly mediaUp: Record<CallParty, boolean>;
  warned: boolean;
  /** When the object last heard of each party at all. */
  readonly lifeAt: Record<CallParty, number>;
  /** Since when each party's present socket has had no media. */
  readonly openSince: Record<CallParty, number>;
  freezes: number;
  frozenMs: number;
  frozenAtMost: number;
  /** The clock stands since the first moment at the latest, since the second at the earliest. */
  frozenSince: { readonly latest: number; readonly earliest: number } | null;
  phaseSince: number;
  /** The payer lost coins to something else meanwhile, which the call may not have heard of. */
  poorer: boolean;
  /** The books did not answer once: what is left to spend was not known for a while. */
  unanswered: boolean;
  answeredBy: string | null;
  /** When each party's wishes for another medium were heard within the last minute. */
  readonly wishes: Record<CallParty, number[]>;
  over: boolean;
  settledAt: number | null;
}

/** What was known of both parties before an event. */
type Known = Pick<Life, 'lifeAt' | 'mediaUp'>;

const DAY = 86_400_000;
/** How far a machine's clock is set off at most, and by how much it is stepped. */
const MOST_SKEW_MS = 45_000;
/** How long a call may take to learn what there is once a plan has ended. */
const ASKING_MS = 20_000;

export class Laws {
  readonly books: Books;
  readonly means: MeansLaws;
  private readonly world: World;
  private readonly lives = new Map<CallId, Life>();
  private readonly chains = new Map<string, Chain>();
  private readonly graceUsed = new Map<string, number>();
  private readonly orders = new Map<string, number>();
  /** Who is in a call that both are connected in. */
  private readonly talking = new Map<string, CallId>();

  constructor(world: World) {
    this.world = world;
    this.books = new Books(world.ledger);
    this.means = new MeansLaws(world.ledger, world.offer);
  }

  // ── every step ─────────────────────────────────────────────────────────────────────────────────────────

  step(): void {
    const fresh: Posting[] = [];
    this.books.read((posting) => {
      fresh.push(posting);
      this.means.posted(posting);
    });
    this.means.lotsAgree(({ shard, owner }) => this.books.folded(shard, `${owner}:MOMENT`));
    for (const posting of fresh) this.spent(posting);
    for (const posting of fresh) if (posting.checkpoint === null) this.asOrdered(posting);
    for (const posting of fresh) if (posting.checkpoint?.party === 'payer') this.checkpoint(posting);
    for (const posting of fresh) if (posting.checkpoint?.party === 'payee') this.checkpoint(posting);
    for (const posting of fresh) if (posting.checkpoint?.party === 'payer') this.payeeIsPaid(posting);
  }

  fold(): void {
    this.books.fold();
  }

  neverEnds(): never {
    const open = [...this.lives.values()]
      .filter(({ session }) => session.record.phase !== 'settled')
      .map(({ session }) => `${session.id} ${session.record.phase}`);
    hold('every call ends', false, () => `the world does not come to rest; open: ${open.join(', ') || 'none'}`);
  }

  /** Somebody gives an owner something or takes it back. */
  ordered(key: string, amount: number): void {
    this.orders.set(key, amount);
  }

  private asOrdered(posting: Posting): void {
    if (posting.kind !== 'credit' && posting.kind !== 'claw_back') return;
    const amount = posting.transfers.reduce((sum, transfer) => sum + transfer.amount, 0);
    hold('what is given or taken back is what was ordered', amount === this.orders.get(posting.key), () => `${posting.key}: ${amount}`);
  }

  /** Something of an owner was spent apart from a call that runs: that call may not have heard of it. */
  private spent(posting: Posting): void {
    if (posting.use === undefined && !posting.transfers.some(({ from }) => from.startsWith(`${posting.owner}:`))) return;
    for (const life of this.lives.values())
      if (!life.over && life.order[life.order.payer].id === posting.owner && posting.checkpoint?.callId !== rootOf(life))
        life.poorer = true;
  }

  // ── postings ───────────────────────────────────────────────────────────────────────────────────────────

  private checkpoint(posting: Posting): void {
    const { checkpoint } = posting;
    if (checkpoint === null) return;
    const { party, n, atSeconds } = checkpoint;
    const chain = this.chains.get(checkpoint.callId);
    hold('a checkpoint belongs to a call', chain !== undefined, () => posting.key);
    hold('the key names the checkpoint', posting.key === `call:${checkpoint.callId}:${party}:${n}`, () => posting.key);
    const life = this.lastOf(checkpoint.callId);
    // A payee's posting may overtake one that still waits in an outbox.
    hold(
      'checkpoints are counted without a gap',
      n === chain.posted[party].length || party === 'payee',
      () => `${posting.key} is number ${chain.posted[party].length}`,
    );
    const price = this.price(chain, party, n);
    hold(
      'a checkpoint is posted as the tariff says',
      price !== undefined && price.atSeconds === atSeconds,
      () => `${posting.key} at ${atSeconds} s; the tariff says ${JSON.stringify(price)}`,
    );
    const { amount } = checkpoint;
    const [transfer, ...others] = posting.transfers;
    // What is paid for already, or by a moment, moves other units; the law of means looks at those.
    const moved = posting.kind === 'allowance' || posting.kind === 'piece' ? amount : (transfer?.amount ?? 0);
    hold(
      'the amount is the tariff’s',
      amount === price.amount && moved === amount && others.length === 0,
      () => `${posting.key}: ${moved} for ${amount}, not ${price.amount}`,
    );
    hold('one second is posted once', !chain.seconds[party].has(atSeconds), () => `${posting.key} at ${atSeconds} s again`);
    const proved = this.provedMs(life);
    hold(
      'nothing is posted that was not proved',
      atSeconds * 1000 <= proved,
      () => `${posting.key} at ${atSeconds} s; both proved ${proved} ms`,
    );
    hold('no call is longer than allowed', atSeconds < longest(life), () => `${posting.key} at ${atSeconds} s`);
    hold(
      'nothing is due at or after a refusal',
      chain.refusedAt === null || atSeconds < chain.refusedAt,
      () => `${posting.key} at ${atSeconds} s, refused at ${chain.refusedAt}`,
    );
    chain.posted[party].push(posting);
    chain.seconds[party].add(atSeconds);
    if (party === 'payer') this.payment(posting, chain, life, amount, atSeconds);
    else this.earning(posting, chain, life, atSeconds);
  }

  private payment(posting: Posting, chain: Chain, life: Life, amount: number, atSeconds: number): void {
    const { order } = life;
    const payer = order.payer === 'caller' ? order.caller : order.callee;
    const payee = order.payer === 'caller' ? order.callee : order.caller;
    hold('a person’s books stand in one shard', posting.shard === payer.ledgerShard, () => posting.key);
    hold('the payer pays', posting.owner === payer.id, () => `${posting.key} of ${posting.owner}`);
    const [transfer] = posting.transfers;
    const byMeans = posting.kind === 'allowance' || posting.kind === 'piece';
    const unit = posting.kind === 'piece' ? 'MOMENT' : 'COIN';
    const own = transfer?.from === `${payer.id}:${unit}`;
    const nothing = byMeans && transfer === undefined;
    hold('a payment goes to the revenue', nothing || transfer?.to === `house:revenue:${unit}`, () => `${posting.key} → ${transfer?.to}`);
    hold(
      'the means are named',
      nothing || (own === (posting.kind === 'checkpoint' || byMeans) && (own || transfer?.from === 'house:grace:COIN')),
      () => `${posting.key} ${posting.kind} from ${transfer?.from}`,
    );
    // What the books say now, with what this very posting took.
    const coins = this.books.folded(posting.shard, `${payer.id}:COIN`) + (own && unit === 'COIN' ? amount : 0);
    this.means.paid(posting, { version: order.payerVersion, covers: this.covers(chain, posting.checkpoint?.n ?? 0), amount, coins });
    if (own || byMeans) return;
    // The house paid: only where it may.
    if (posting.kind === 'outage') {
      hold('an outage is paid only after billing_unavailable', life.session.record.endReason === 'billing_unavailable', () => posting.key);
      return;
    }
    const grace = chain.prices[0]?.tariff.grace;
    hold('grace lies before its end', grace !== undefined && atSeconds < grace.seconds, () => `${posting.key} at ${atSeconds} s`);
    hold('no second grace for a call that resumes', life.order.resumes === null, () => posting.key);
    const day = Math.floor(posting.eventAt / DAY);
    const limits = [
      [`payer:${payer.id}:${day}`, grace.perDay],
      [`payee:${payee.id}:${day}`, GRACE_PER_PAYEE],
      [`pair:${payer.id}:${payee.id}:${day}`, GRACE_PER_PAIR],
    ] as const;
    for (const [counter, limit] of limits) {
      const used = (this.graceUsed.get(counter) ?? 0) + 1;
      hold('grace is limited a day', used <= limit, () => `${posting.key}: ${counter} for the ${used}th time`);
      this.graceUsed.set(counter, used);
    }
  }

  private earning(posting: Posting, chain: Chain, life: Life, atSeconds: number): void {
    const payee = life.order.payer === 'caller' ? life.order.callee : life.order.caller;
    hold('a person’s books stand in one shard', posting.shard === payee.ledgerShard, () => posting.key);
    hold('the payee earns', posting.owner === payee.id, () => `${posting.key} of ${posting.owner}`);
    hold('earnings come from the house', posting.transfers[0]?.from === 'house:earned:EARN', () => posting.key);
    const paired = this.secondHas(chain, 'payer', atSeconds);
    hold('no earning without its payment', !paired || chain.seconds.payer.has(atSeconds), () => `${posting.key} at ${atSeconds} s`);
  }

  /** Every payment has its earning, posted or on its way. */
  private payeeIsPaid(posting: Posting): void {
    const { checkpoint } = posting;
    const chain = checkpoint && this.chains.get(checkpoint.callId);
    if (!checkpoint || !chain || !this.secondHas(chain, 'payee', checkpoint.atSeconds) || chain.seconds.payee.has(checkpoint.atSeconds))
      return;
    const waits = [...this.world.ledger.shard(posting.shard).outbox.values()].some(
      ({ posting: second }) => second.checkpoint?.callId === checkpoint.callId && second.checkpoint.atSeconds === checkpoint.atSeconds,
    );
    hold('no payment without its earning', waits, () => posting.key);
  }

  private secondHas(chain: Chain, party: Side, atSeconds: number): boolean {
    for (let n = 0; ; n++) {
      const price = this.price(chain, party, n);
      if (price === undefined || price.atSeconds > atSeconds) return false;
      if (price.atSeconds === atSeconds) return true;
    }
  }

  /** Seconds that the payer's checkpoint `n` covers under the tariff it belongs to. */
  private covers(chain: Chain, n: number): number {
    const prices = chain.prices.findLast(({ fromN }) => n >= fromN.payer);
    return prices?.lists.payer.covers(n - prices.fromN.payer) ?? 0;
  }

  private price(chain: Chain, party: Side, n: number) {
    const prices = chain.prices.findLast(({ fromN }) => n >= fromN[party]);
    return prices?.lists[party].checkpoint(n - prices.fromN[party]);
  }

  /** The ledger's answer to an order, as the world saw it. */
  charged(order: ChargeOrder, answer: { readonly outcome: string }): void {
    const known = this.chains.get(order.callId)?.prices.some(({ tariff }) => tariff.id === order.tariffId) === true;
    hold('an order is under a tariff of its call', known, () => `${order.callId} at ${order.atSeconds} s: ${order.tariffId}`);
    hold('an order means the same each time', answer.outcome !== 'conflict', () => `${order.callId} at ${order.atSeconds} s`);
    const chain = this.chains.get(order.callId);
    // That the day's grace is used up is learned only when it is asked for.
    if (chain && answer.outcome === 'refused' && order.grace !== null) chain.graceDenied = true;
  }

  // ── decisions ──────────────────────────────────────────────────────────────────────────────────────────

  placed(session: SessionHost, order: PlaceOrder): void {
    const root = order.carried?.rootId ?? order.callId;
    this.resumes(order, session.record.lastNow);
    let chain = this.chains.get(root);
    if (chain === undefined) {
      const none = { payer: 0, payee: 0 };
      chain = {
        prices: [
          {
            tariff: order.tariff,
            lists: listsOf(order.tariff),
            fromN: none,
            longest: Math.min(order.tariff.maxSeconds ?? order.limits.maxSeconds, order.limits.maxSeconds),
          },
        ],
        posted: { payer: [], payee: [] },
        seconds: { payer: new Set(), payee: new Set() },
        refusedAt: null,
        graceDenied: false,
      };
      this.chains.set(root, chain);
    } else {
      chain.refusedAt = null;
      (chain.prices.at(-1) as Prices).longest = Math.min(order.tariff.maxSeconds ?? order.limits.maxSeconds, order.limits.maxSeconds);
    }
    this.lives.set(order.callId, {
      session,
      order,
      chain,
      connected: new Connected(order.limits.deadMs),
      mediaUp: { caller: false, callee: false },
      warned: false,
      poorer: false,
      unanswered: false,
      lifeAt: { caller: 0, callee: 0 },
      wishes: { caller: [], callee: [] },
      openSince: { caller: 0, callee: 0 },
      freezes: 0,
      frozenMs: 0,
      frozenAtMost: 0,
      frozenSince: null,
      phaseSince: session.record.lastNow,
      answeredBy: null,
      over: false,
      settledAt: null,
    });
  }

  /** A call goes on only from one that ran out of balance, soon, once, and exactly where that stood. */
  private resumes(order: PlaceOrder, now: number): void {
    const { carried } = order;
    if (carried === null) return;
    const before = order.resumes === null ? undefined : this.lives.get(order.resumes);
    hold('what is resumed is there', before !== undefined, () => order.callId);
    const { endReason, endedAt, money } = before.session.record;
    const since = now - (endedAt ?? now);
    hold('only an exhausted balance is resumed', endReason === 'balance_exhausted', () => `${order.callId}: ${endReason}`);
    // Two machines, two clocks.
    const off = this.world.skewMost === 0 ? 0 : 2 * MOST_SKEW_MS;
    hold('a call is resumed soon or not at all', since <= order.limits.resumeMs + off, () => `${order.callId} after ${since} ms`);
    hold('a resumed call begins where the other stood', carried.connectedMs === connectedMsOf(before.session.record), () => order.callId);
    const settled = before.session.record.money.pending === null;
    const places = billing.every(
      (party) =>
        carried.positions[party].n === money.positions[party].n && carried.positions[party].n === this.amounts(before, party).length,
    );
    for (const party of billing) {
      const goesOn = new PriceList(order.tariff, party, carried.positions[party]).checkpoint(0)?.atSeconds;
      const isNext = this.price(before.chain, party, carried.positions[party].n)?.atSeconds;
      hold(
        'a resumed call owes what the other could not pay',
        goesOn === isNext,
        () => `${order.callId} ${party}: ${goesOn} s, not ${isNext}`,
      );
    }
    hold('nothing is open of what is resumed', settled && places, () => order.callId);
    for (const life of this.lives.values())
      hold('a call is resumed once', life.order.resumes !== order.resumes, () => `${order.callId} and ${life.session.id}`);
  }

  decided(session: SessionHost, before: CallRecord, event: CallEvent, now: number, step: Step): void {
    const life = this.lives.get(session.id);
    if (!life) return;
    const after = step.state;
    const at = Math.max(now, before.lastNow);
    if (event.type === 'charge.unknown') life.unanswered = true;
    const asked = before.money.pending?.order;
    if (event.type === 'charge.refused' && asked?.atSeconds === event.atSeconds && (event.outage || !asked.outage)) {
      life.chain.refusedAt = Math.min(life.chain.refusedAt ?? Number.POSITIVE_INFINITY, event.atSeconds);
      hold('a refusal ends the call', isOver(after), () => `${session.id} at ${event.atSeconds} s`);
    }
    hold(
      'time never runs backwards',
      after.lastNow >= before.lastNow && after.lastNow <= at,
      () => `${session.id} ${before.lastNow} → ${after.lastNow}`,
    );
    this.final(session, before, after);
    const provedBefore = life.connected.ms();
    const known: Known = { lifeAt: { ...life.lifeAt }, mediaUp: { ...life.mediaUp } };
    this.proofs(life, before, event, at);
    if (before.clock === null && after.clock !== null) this.start(life, after, at);
    const proved = life.connected.ms();
    const counted = after.clock === null ? 0 : after.clock.connectedMs - after.offsetMs;
    hold('time that was not proved is not counted', counted <= proved, () => `${session.id}: ${counted} ms counted, ${proved} proved`);
    // What the decision that ended the call still took in is its own affair.
    const owed = isOver(after) ? (isOver(before) ? counted : provedBefore) : proved;
    hold('time that was proved is counted', counted >= owed, () => `${session.id}: ${counted} ms counted, ${owed} proved`);
    if (before.money.tariff.id !== after.money.tariff.id) this.otherPrices(life, before, after);
    this.freezing(life, before, step, at);
    if (isOver(after)) {
      if (!life.over) this.over(life, before, after, event, known);
    } else {
      this.deadlines(life, before, after, now);
    }
    for (const effect of step.effects) {
      if (effect.kind === 'send' && effect.frame.type === 'billing.low') {
        life.warned = true;
        const { secondsLeft } = effect.frame;
        this.warned(life, after, secondsLeft);
        hold('warnings go to the payer', effect.to === after.payer, () => session.id);
        hold('a warning tells a time', secondsLeft >= 0 && Number.isInteger(secondsLeft), () => `${session.id}: ${secondsLeft}`);
      }
      if (effect.kind === 'charge') hold('nothing is charged before t0', after.clock !== null, () => session.id);
    }
    this.wishes(life, event, step, at);
    if (after.phase !== before.phase) this.moved(life, before, after);
  }

  /** A device that asks on and on must not fill the timeline. */
  private wishes(life: Life, event: CallEvent, step: Step, at: number): void {
    if (event.type !== 'media.change') return;
    const heard = step.effects.some(
      (effect) => effect.kind === 'tariff' || (effect.kind === 'timeline' && effect.type === 'media.change.asked'),
    );
    if (!heard) return;
    const lately = [...life.wishes[event.party].filter((before) => before > at - 60_000), at];
    life.wishes[event.party] = lately;
    hold('a wish for another medium is heard a few times a minute', lately.length <= 6, () => `${event.party} ${lately.length} times`);
  }

  private final(session: SessionHost, before: CallRecord, after: CallRecord): void {
    if (isOver(before)) {
      hold(
        'an end is final',
        isOver(after) && (before.phase !== 'settled' || after.phase === 'settled'),
        () => `${session.id} ${before.phase} → ${after.phase}`,
      );
      hold(
        'an end has one reason',
        after.endReason === before.endReason && after.endedAt === before.endedAt,
        () => `${session.id} ${before.endReason} → ${after.endReason}`,
      );
    }
    if (before.clock !== null) {
      hold('t0 stays', after.clock?.startedAt === before.clock.startedAt, () => session.id);
      hold('connected time never shrinks', (after.clock?.connectedMs ?? 0) >= before.clock.connectedMs, () => session.id);
    }
    hold('the first device wins', before.answeredBy === null || before.answeredBy === after.answeredBy, () => session.id);
    hold('an end has a reason', isOver(after) === (after.endReason !== null), () => `${session.id} ${after.phase} ${after.endReason}`);
  }

  /** What the object heard, as it wrote it down: only with media, only before the end. */
  private proofs(life: Life, before: CallRecord, event: CallEvent, at: number): void {
    if (isOver(before)) return;
    const { connected, mediaUp } = life;
    for (const party of sides) {
      const heard = event.proofs?.[party];
      if (heard == null) continue;
      life.lifeAt[party] = Math.max(life.lifeAt[party], Math.min(heard, at));
      if (mediaUp[party]) connected.proof(party, Math.min(heard, at));
    }
    if (event.type === 'socket.opened' || event.type === 'socket.closed') mediaUp[event.party] = false;
    if (event.type === 'socket.opened') life.openSince[event.party] = at;
    if (event.type === 'socket.opened' || event.type === 'media.connected') life.lifeAt[event.party] = at;
    if (event.type === 'media.connected' && before.answeredBy !== null && before.phase !== 'placing') {
      mediaUp[event.party] = true;
      connected.proof(event.party, at);
    }
  }

  private start(life: Life, after: CallRecord, at: number): void {
    const { connected, mediaUp } = life;
    for (const party of sides) {
      hold(
        't0 is when both have media',
        mediaUp[party] && at - connected.lastProof(party) < after.limits.deadMs,
        () => `${life.session.id}: ${party}`,
      );
    }
    connected.start(at);
  }

  /** The price of another medium is in force: from here on checkpoints follow it, from its first later one. */
  private freezing(life: Life, before: CallRecord, step: Step, at: number): void {
    for (const effect of step.effects) {
      if (effect.kind !== 'timeline') continue;
      if (effect.type === 'reconnecting') {
        life.freezes += 1;
        const latest = life.connected.standsAt();
        life.frozenSince = { latest, earliest: Math.min(latest, before.clock?.countedUntil ?? latest) };
      } else if (effect.type === 'reconnected' && life.frozenSince !== null) {
        life.frozenMs += at - life.frozenSince.latest;
        life.frozenAtMost += at - life.frozenSince.earliest;
        life.frozenSince = null;
      }
    }
    if (step.state.phase !== before.phase && !isOver(step.state)) life.phaseSince = at;
  }

  private otherPrices(life: Life, before: CallRecord, after: CallRecord): void {
    const { chain } = life;
    const { tariff, positions } = after.money;
    const seconds = (after.clock?.connectedMs ?? 0) / 1000;
    const fromN = { payer: positions.payer.n, payee: positions.payee.n };
    const list = (party: Side) => {
      const amounts = this.amounts(life, party);
      hold(
        'another tariff takes over when all is posted',
        amounts.length === fromN[party],
        () => `${life.session.id} ${party}: ${amounts.length} of ${fromN[party]}`,
      );
      const uncapped = new PriceList({ parties: tariff.parties.map((side) => ({ ...side, cap: null })) }, party);
      const index = positions[party].index;
      hold(
        'another tariff begins with its next checkpoint',
        uncapped.unit === undefined || index <= uncapped.countUntil(seconds),
        () => `${life.session.id} ${party} at ${index}`,
      );
      return new PriceList(tariff, party, { index, total: amounts.reduce((sum, amount) => sum + amount, 0) });
    };
    const fromMs = before.change?.next?.fromMs;
    hold(
      'a tariff takes over only before the money stops',
      fromMs === undefined || fromMs < before.money.stopAt * 1000,
      () => `${life.session.id} at ${fromMs}`,
    );
    const most = life.order.limits.maxSeconds;
    const fromSeconds = Math.ceil((before.change?.next?.fromMs ?? after.clock?.connectedMs ?? 0) / 1000);
    // What lasts longer already ends there; what is over was not any longer for it.
    const now = isOver(before) ? longest(life) : Math.max(Math.min(tariff.maxSeconds ?? most, most), fromSeconds);
    chain.prices.push({ tariff: tariff as Tariff, lists: { payer: list('payer'), payee: list('payee') }, fromN, longest: now });
  }

  /** No state outlives its time once the object looks, and the object always means to look. */
  private deadlines(life: Life, before: CallRecord, after: CallRecord, now: number): void {
    const { session, connected } = life;
    const { limits } = life.order;
    const at = after.lastNow;
    const started: Partial<Record<CallRecord['phase'], number>> = { ringing: limits.ringMs, connecting: limits.connectMs };
    const most = started[after.phase];
    if (most !== undefined && before.phase === after.phase) {
      hold('no state outlives its time', after.until !== null && at < after.until, () => `${session.id} still ${after.phase}`);
      hold('a deadline does not move', after.until === before.until, () => `${session.id} ${after.phase}`);
    } else if (most !== undefined) hold('a state has its deadline', after.until === at + most, () => `${session.id} ${after.phase}`);
    const wake = this.world.rules.nextWake(after, now);
    hold('what is not over means to wake', wake !== null && Number.isFinite(wake), () => `${session.id} ${after.phase}`);
    const until = after.until ?? Number.POSITIVE_INFINITY;
    hold('it wakes by its deadline', wake <= Math.max(until, at + 2_500), () => `${session.id} ${after.phase}: ${wake - until} ms late`);
    if (after.clock === null) return;
    for (const party of sides) {
      const { lifeAt, noMediaSince } = after.parties[party];
      const silent = at - connected.lastProof(party);
      if (after.phase === 'active') {
        hold('silence freezes the clock', silent < limits.deadMs, () => `${session.id}: ${party} silent for ${silent} ms`);
        hold(
          'it looks before a silence is too long',
          wake <= connected.lastProof(party) + limits.deadMs + 1,
          () => `${session.id}: ${party}`,
        );
      }
      hold('life is what was heard', lifeAt === null || lifeAt <= life.lifeAt[party], () => `${session.id}: ${party}`);
      if (lifeAt !== null)
        hold('whoever is silent too long is lost', at - lifeAt < limits.deadMs + limits.reconnectMs, () => `${session.id}: ${party}`);
      if (noMediaSince !== null && after.phase === 'reconnecting')
        hold('nobody waits alone for long', at - noMediaSince < limits.soloMs, () => `${session.id}: ${party}`);
    }
    const next = this.nextSecond(life);
    if (after.phase === 'active' && next !== null && next < longest(life) && after.money.pending === null) {
      const ahead = next * 1000 - (after.offsetMs + connected.ms());
      const wall = connected.frontier() + ahead;
      hold(
        'it wakes for the next checkpoint',
        wake <= Math.max(wall + 400, at + 2_500) + 1,
        () => `${session.id}: ${wake - wall} ms late for ${next} s`,
      );
    }
    const { pending } = after.money;
    if (pending !== null && pending.unknowns > 0) {
      const n = life.chain.posted.payer.length;
      const second = this.secondAfter(life, after, n);
      const owes = pending.order.payerCheckpoint?.n === n && second < after.money.stopAt;
      hold(
        'two unposted checkpoints end the call',
        !owes || second * 1000 > after.offsetMs + connected.ms(),
        () => `${session.id} at ${second} s`,
      );
    }
    hold('a call does not freeze again and again', life.freezes < 3, () => session.id);
    const frozen = life.frozenMs + (life.frozenSince === null ? 0 : at - life.frozenSince.latest);
    hold('a call is not frozen for ever', frozen < limits.frozenMs, () => `${session.id}: ${frozen} ms`);
  }

  /** The second of the payer's checkpoint after `n`, an agreed change of medium counted. */
  private secondAfter({ chain, order }: Life, after: CallRecord, n: number): number {
    const present = this.price(chain, 'payer', n + 1)?.atSeconds ?? Number.POSITIVE_INFINITY;
    const next = after.change?.next;
    if (!next || present * 1000 <= next.fromMs) return present;
    if (next.tariff.parties.some(({ cap }) => cap != null)) return Number.POSITIVE_INFINITY;
    const other = new PriceList(next.tariff, 'payer');
    const second = other.checkpoint(other.countUntil(next.fromMs / 1000))?.atSeconds ?? Number.POSITIVE_INFINITY;
    const most = order.limits.maxSeconds;
    const ends = Math.max(Math.min(next.tariff.maxSeconds ?? most, most), Math.ceil(next.fromMs / 1000));
    return second < ends ? second : Number.POSITIVE_INFINITY;
  }

  private nextSecond(life: Life): number | null {
    const seconds = billing.flatMap((party) => this.price(life.chain, party, this.amounts(life, party).length)?.atSeconds ?? []);
    return seconds.length === 0 ? null : Math.min(...seconds);
  }

  private moved(life: Life, before: CallRecord, after: CallRecord): void {
    const { session, order } = life;
    const pair = [order.caller.id, order.callee.id] as const;
    if (after.phase === 'ringing' || after.phase === 'connecting')
      for (const id of pair)
        hold('who rings holds both locks', this.world.person(id).hub.lock?.callId === session.id, () => `${session.id}: ${id}`);
    if (before.clock === null && after.clock !== null && !isOver(after))
      for (const id of pair) {
        hold('nobody talks in two calls', !this.talking.has(id), () => `${id} in ${session.id} and ${this.talking.get(id)}`);
        this.talking.set(id, session.id);
      }
    if (after.phase === 'settled') this.settled(life, after);
  }

  /** The end: what is known of it at once. */
  private over(life: Life, before: CallRecord, after: CallRecord, event: CallEvent, known: Known): void {
    life.over = true;
    hold(
      'an end has its reason in the facts',
      this.justified(life, before, after, event, known),
      () => `${life.session.id}: ${after.endReason} by ${event.type}`,
    );
    const { order, session } = life;
    for (const id of [order.caller.id, order.callee.id]) if (this.talking.get(id) === session.id) this.talking.delete(id);
    if (after.endReason === 'balance_exhausted')
      hold(
        'no balance ends without a warning',
        life.warned || life.poorer || life.unanswered || life.chain.graceDenied || this.shrank(life),
        () => `${session.id}: ${this.means.told(order[order.payer].id)}`,
      );
  }

  /** What the payer had when the call was placed came to its end since, or became less, by itself. */
  private shrank({ order }: Life): boolean {
    const off = this.world.skewMost === 0 ? 0 : MOST_SKEW_MS;
    const { now } = this.world.agenda;
    // At the end of a plan the call asks what there is now: only where that was a moment ago nobody could be warned.
    return this.means.shrank(order[order.payer].id, order.now - off, now + off, now - off - ASKING_MS);
  }

  /** What a quote or a warning says can be paid can be paid, if nothing else happens. */
  promised(order: PlaceOrder, until: number | null): void {
    const chain = this.chains.get(order.callId);
    if (chain === undefined || until === null) return;
    const ahead: Ahead[] = [];
    const { now } = order;
    for (let n = 0; n < 60; n++) {
      const price = this.price(chain, 'payer', n);
      if (price === undefined || price.atSeconds >= until) break;
      ahead.push({ at: now + price.atSeconds * 1000, covers: this.covers(chain, n), amount: price.amount });
    }
    this.kept('a quote never promises more than can be paid', order, ahead, order.media);
  }

  /** Grace is a promise of the house; and what became less since is told with the next word of the books. */
  private warned(life: Life, after: CallRecord, secondsLeft: number): void {
    const { order, chain, session } = life;
    const { clock, change, tariff } = { ...after, tariff: after.money.tariff };
    const { agenda } = this.world;
    this.step();
    if (clock === null || change?.next || life.poorer || life.unanswered) return;
    this.turns(life, clock, secondsLeft);
    if (this.means.shrank(order[order.payer].id, order.now, agenda.now + (secondsLeft + 60) * 1000)) return;
    if (after.money.graceLeft && clock.connectedMs < (tariff.grace?.seconds ?? 0) * 1000) return;
    // Time that was not counted yet may turn out to be silence; told in whole seconds, rounded up.
    const until = clock.connectedMs + (secondsLeft - 1) * 1000;
    const ahead: Ahead[] = [];
    for (let n = chain.posted.payer.length; n < chain.posted.payer.length + 60; n++) {
      const price = this.price(chain, 'payer', n);
      if (price === undefined || price.atSeconds * 1000 >= until) break;
      const at = agenda.now + Math.max(0, price.atSeconds * 1000 - clock.connectedMs);
      ahead.push({ at, covers: this.covers(chain, n), amount: price.amount });
    }
    this.kept('a warning never promises more than can be paid', { ...order, now: agenda.now, callId: session.id }, ahead, after.media);
  }

  /**
   * What the next day pays is nothing to be warned of: the day turns before it falls due. Looks at a checkpoint that falls due
   * at the very second that was told; an end of the grace is something else, and so is a silence that may come off.
   */
  private turns({ order, chain, session }: Life, clock: NonNullable<CallRecord['clock']>, secondsLeft: number): void {
    const { agenda, skewMost } = this.world;
    if (skewMost !== 0) return;
    const dueIn = (second: number) => clock.countedUntil + second * 1000 - clock.connectedMs - agenda.now;
    for (let n = chain.posted.payer.length; n < chain.posted.payer.length + 60; n++) {
      const price = this.price(chain, 'payer', n);
      if (price === undefined || dueIn(price.atSeconds) > secondsLeft * 1000) return;
      if (dueIn(price.atSeconds) < (secondsLeft - 1) * 1000) continue;
      const payer = order[order.payer].id;
      const when = { since: order.now, now: agenda.now, due: agenda.now + dueIn(price.atSeconds) };
      hold(
        'nobody is warned of an end that a new day puts off',
        !this.means.renews(payer, order.payerVersion, when, this.covers(chain, n)),
        () => `${session.id}: ${secondsLeft} s left, ${this.means.told(payer)}`,
      );
      return;
    }
  }

  private kept(law: string, order: PlaceOrder, ahead: readonly Ahead[], media: PlaceOrder['media']): void {
    this.step();
    const payer = order[order.payer];
    const peer = order[order.payer === 'caller' ? 'callee' : 'caller'].id;
    const coins = this.books.folded(payer.ledgerShard, `${payer.id}:COIN`);
    const paid = this.means.affords(payer.id, order.payerVersion, { peer, media, coins, now: order.now }, ahead);
    hold(
      law,
      paid === ahead.length,
      () =>
        `${order.callId} under ${order.payerVersion}: ${paid} of ${ahead.length} checkpoints, ${coins} coins, ${this.means.told(payer.id)}`,
    );
  }

  private justified(life: Life, before: CallRecord, after: CallRecord, event: CallEvent, known: Known): boolean {
    const { limits } = life.order;
    const at = after.lastNow;
    const since = at - life.phaseSince;
    switch (after.endReason) {
      case 'no_answer':
        return before.phase === 'ringing' && since >= limits.ringMs;
      case 'connect_failed':
        return before.phase === 'connecting' && since >= limits.connectMs;
      case 'lost': {
        const silent = sides.some((party) => at - known.lifeAt[party] >= limits.deadMs + limits.reconnectMs);
        const frozen = life.frozenAtMost + (life.frozenSince === null ? 0 : at - life.frozenSince.earliest);
        return silent || life.freezes >= 2 || frozen >= limits.frozenMs;
      }
      case 'solo':
        return sides.some((party) => !known.mediaUp[party] && at - life.openSince[party] >= limits.soloMs);
      case 'max_duration':
        return after.clock !== null && after.clock.connectedMs >= longest(life) * 1000;
      case 'billing_unavailable':
        // Checkpoints of a tariff that waits to take over are counted by `deadlines`.
        return (
          before.money.pending !== null && (after.change?.next != null || this.dueNow(life, after) - before.money.positions.payer.n >= 2)
        );
      case 'balance_exhausted':
        return event.type === 'charge.refused' || life.chain.posted.payer.at(-1)?.kind === 'grace';
      case 'hangup':
      case 'cancelled':
        return event.type === 'hangup';
      case 'declined':
        return event.type === 'decline' || event.type === 'hangup';
      case 'blocked':
      case 'moderated':
        return event.type === 'stop' && event.reason === after.endReason;
      case 'busy':
        return event.type === 'locks.refused';
      case 'refused':
        return event.type === 'locks.refused' || (before.phase === 'placing' && since >= 10_000);
      default:
        return event.type === 'media.failed';
    }
  }

  /** How many of the payer's checkpoints are proved. */
  private dueNow(life: Life, after: CallRecord): number {
    const proved = after.offsetMs + life.connected.ms();
    return this.dueCount(life.chain, 'payer', proved, after.money.stopAt);
  }

  /** Settled: every checkpoint of the connected time is in the books, once, and the receipt says the same. */
  private settled(life: Life, after: CallRecord): void {
    const { session, chain } = life;
    life.settledAt = this.world.agenda.now;
    hold(
      'settled means nothing is left',
      session.outboxSize === 0 && after.money.pending === null,
      () => `${session.id}: ${session.outboxSize} effects`,
    );
    this.step();
    const connectedMs = connectedMsOf(after);
    const stop = Math.min(chain.refusedAt ?? Number.POSITIVE_INFINITY, after.money.stopAt);
    for (const party of billing) {
      const due = this.dueCount(chain, party, connectedMs, stop);
      const there = this.amounts(life, party).length;
      if (after.clock !== null)
        hold(
          'every proved checkpoint is posted',
          there === due,
          () => `${session.id} ${party}: ${there} of ${due} at ${connectedMs} ms (${after.endReason}, stop ${stop})`,
        );
    }
    if (after.clock !== null) {
      const full = after.clock.connectedMs;
      const grace = this.graceEnds(life);
      const limit = Math.min(stop, grace ?? Number.POSITIVE_INFINITY, longest(life)) * 1000;
      hold(
        'connected time is what was proved',
        connectedMs === Math.max(after.offsetMs, Math.min(full, limit)),
        () => `${session.id}: ${connectedMs}, proved ${full}, limit ${limit}`,
      );
    }
    this.stops(life, after);
    this.receipt(life, after);
    this.world.agenda.after(5_000, () => this.unlocked(life));
  }

  /** What a party's checkpoints came to, in the books or in the outbox on their way there. */
  private amounts({ chain, order }: Life, party: Side): number[] {
    const root = rootOf({ order });
    const amount = ({ checkpoint }: Posting) => checkpoint?.amount ?? 0;
    const amounts = chain.posted[party].map(amount);
    if (party === 'payer') return amounts;
    for (const { outbox } of this.world.ledger.shards)
      for (const { posting } of outbox.values())
        if (posting.checkpoint?.callId === root && !chain.seconds.payee.has(posting.checkpoint.atSeconds)) amounts.push(amount(posting));
    return amounts;
  }

  private dueCount(chain: Chain, party: Side, connectedMs: number, stop: number): number {
    for (let n = chain.prices.at(-1)?.fromN[party] ?? 0; ; n++) {
      const price = this.price(chain, party, n);
      if (price === undefined || price.atSeconds * 1000 > connectedMs || price.atSeconds >= stop) return n;
    }
  }

  /** The money stopped only where it was refused, where grace ended, or where the longest call ends. */
  private stops(life: Life, after: CallRecord): void {
    const { stopAt } = after.money;
    const why = stopAt === life.chain.refusedAt || stopAt === this.graceEnds(life) || stopAt >= longest(life);
    hold('the money stops only where it ran out', why, () => `${life.session.id} at ${stopAt} s, refused at ${life.chain.refusedAt}`);
  }

  private graceEnds(life: Life): number | null {
    const { chain, session } = life;
    const last = chain.posted.payer.at(-1);
    const seconds = chain.prices[0]?.tariff.grace?.seconds;
    return last?.kind === 'grace' && seconds !== undefined && session.record.resumes === null && session.record.money.stopAt <= seconds
      ? seconds
      : null;
  }

  private receipt(life: Life, after: CallRecord): void {
    const { session, chain, order } = life;
    const from = { payer: order.carried?.positions.payer.n ?? 0, payee: order.carried?.positions.payee.n ?? 0 };
    for (const party of billing) {
      const lines = session.lines.filter((line) => line.party === party);
      const count = after.money.positions[party].n - from[party];
      hold(
        'the receipt has each checkpoint once',
        lines.length === count && new Set(lines.map(({ n }) => n)).size === count,
        () => `${session.id} ${party}: ${lines.length} lines for ${count}`,
      );
      for (const line of lines) {
        const posting = chain.posted[party].find(({ checkpoint }) => checkpoint?.n === line.n);
        if (posting === undefined) continue;
        const { checkpoint, owner, transfers } = posting;
        hold(
          'the receipt says what the books say',
          checkpoint?.amount === line.amount && checkpoint.atSeconds === line.atSeconds,
          () => `${session.id} ${party} ${line.n}`,
        );
        if (party === 'payee') continue;
        hold('the receipt names who paid', line.paidBy === paidByOf(posting), () => `${session.id} ${line.n} ${line.paidBy}`);
        const taken = transfers.find(({ from }) => from.startsWith(`${owner}:`));
        hold(
          'the receipt says what was taken',
          line.took?.unit === taken?.unit && line.took?.amount === taken?.amount,
          () => `${session.id} ${line.n} ${JSON.stringify(line.took)}`,
        );
      }
    }
  }

  private unlocked(life: Life): void {
    const { session } = life;
    for (const person of this.world.people)
      hold('no lock outlives its call', person.hub.lock?.callId !== session.id, () => `${person.userId} is held by ${session.id}`);
  }

  // ── sequences ──────────────────────────────────────────────────────────────────────────────────────────

  /** A hub rings its devices for a call it has not heard the end of. */
  announced(id: CallId, heard: CallNews | null): void {
    hold('a call that is over is not announced', heard === null || heard.state !== 'ended', () => id);
  }

  /** A device takes in the next item of its person's sequence. */
  sequence(device: Device, item: Item): void {
    const { hub } = device.person;
    hold(
      'a sequence has no gaps',
      item.seq === device.seen.length + 1,
      () => `${device.sessionId} got ${item.seq} after ${device.seen.length}`,
    );
    hold('every device sees the same sequence', hub.items[item.seq - 1] === item, () => `${device.sessionId} got another ${item.seq}`);
  }

  // ── the end of the world ───────────────────────────────────────────────────────────────────────────────

  end(): void {
    this.step();
    this.books.fold();
    for (const { session, settledAt } of this.lives.values())
      hold('every call ends', session.record.phase === 'settled' && settledAt !== null, () => `${session.id} is ${session.record.phase}`);
    for (const person of this.world.people)
      hold('no lock outlives its call', person.hub.lock === null, () => `${person.userId} is held by ${person.hub.lock?.callId}`);
    for (const { index, outbox } of this.world.ledger.shards)
      hold('the outbox of the books runs empty', outbox.size === 0, () => `shard ${index}: ${outbox.size}`);
    for (const chain of this.chains.values())
      for (const posting of chain.posted.payer) {
        const { checkpoint } = posting;
        if (checkpoint && this.secondHas(chain, 'payee', checkpoint.atSeconds))
          hold('no payment without its earning', chain.seconds.payee.has(checkpoint.atSeconds), () => posting.key);
      }
  }

  private provedMs(life: Life): number {
    return (life.order.carried?.connectedMs ?? 0) + life.connected.ms();
  }

  private lastOf(root: string): Life {
    let last: Life | undefined;
    for (const life of this.lives.values()) if (rootOf(life) === root && life.connected.started) last = life;
    hold('a checkpoint belongs to a running call', last !== undefined, () => root);
    return last;
  }
}

/** Seconds a call may last. */
const longest = (life: Life): number => (life.chain.prices.at(-1) as Prices).longest;

const rootOf = ({ order }: Pick<Life, 'order'>): CallId => order.carried?.rootId ?? order.callId;

const listsOf = (tariff: Pick<Tariff, 'parties'>): Record<Side, PriceList> => ({
  payer: new PriceList(tariff, 'payer'),
  payee: new PriceList(tariff, 'payee'),
});
