/**
 * Lives one history through in one order: deliveries repeated and shuffled, several taken up at once, crashes at any effect,
 * a ledger that fails before or after it committed, sign-ups in between; and compares how it ends with the oracle.
 */
import type { PaymentEvent } from '../../../worker/domains/payment/payment-event.ts';
import { type PaymentRules, realRules, takeUp } from '../../../worker/domains/payment/taking-up.ts';
import type { PaymentEventId, Till } from '../../../worker/domains/payment/till.ts';
import { planInForce } from '../../../worker/domains/subscriptions/rules.ts';
import { Random } from '../random.ts';
import { hold } from '../violation.ts';
import { type History, historyOf } from './history.ts';
import { balanceOf, moments, plansOf } from './oracle.ts';
import { TillModel } from './till-model.ts';

export const ORDERS = 20;

export interface Counts {
  histories: number;
  orders: number;
  deliveries: number;
  effects: number;
  crashes: number;
}
export const noCounts = (): Counts => ({ histories: 0, orders: 0, deliveries: 0, effects: 0, crashes: 0 });

/** What is under test: the real rules and a true till. A planted bug changes one of them. */
export interface Works {
  readonly rules: PaymentRules;
  readonly till: () => TillModel;
  /** The till as one who takes up sees it. */
  readonly seen: (till: TillModel) => Till;
}
export const realWorks: Works = { rules: realRules, till: () => new TillModel(), seen: (till) => till };

class Crash extends Error {}

/**
 * Lets one of several go on at a time, drawn by chance: every interleaving of their effects may come. Now and then one falls
 * asleep for a while, so that others overtake it.
 */
class Turns {
  private waiting: { readonly go: () => void; readonly from: number }[] = [];
  private running = 0;
  private now = 0;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  turn(): Promise<void> {
    this.running--;
    const from = this.now + (this.random.chance(0.15) ? this.random.int(1, 100) : 0);
    return new Promise((go) => void this.waiting.push({ go, from }));
  }

  /** Runs all of them to their ends. */
  async all(works: readonly (() => Promise<void>)[]): Promise<void> {
    this.running = works.length;
    const done = works.map((work) => work().finally(() => this.running--));
    for (;;) {
      while (this.running > 0) await null;
      if (this.waiting.length === 0) break;
      this.now++;
      const awake = this.waiting.filter(({ from }) => from <= this.now);
      if (awake.length === 0) continue;
      const next = this.random.pick(awake);
      this.waiting = this.waiting.filter((one) => one !== next);
      this.running++;
      next.go();
    }
    await Promise.all(done);
  }
}

/** Each effect takes its turn, and may be the last that its taker has: before it, or after it. */
function struck(till: Till, random: Random, counts: Counts, turns: Turns | null): Till {
  return new Proxy(till, {
    get(target, name) {
      const effect = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        if (turns) await turns.turn();
        counts.effects++;
        const fate = random.unit();
        const crashes = fate < 0.01;
        if (crashes) counts.crashes++;
        if (crashes && random.chance(0.5)) throw new Crash();
        const isBook = name === 'postPayment' || name === 'postRefund';
        if (isBook && fate < 0.04) return 'unknown';
        const answer = await effect.apply(target, given);
        if (crashes) throw new Crash();
        return isBook && fate > 0.96 ? 'unknown' : answer;
      };
    },
  });
}

/** How it all ends, as far as anybody can see. */
type End = string;

async function liveOnce(history: History, random: Random, counts: Counts, works: Works): Promise<End> {
  const till = works.till();
  for (const { person } of history.holdings) {
    if (person.signsUp !== 'before') continue;
    till.signUp(person);
    for (const unit of ['COIN', 'MOMENT']) till.takeBack(person.userId, unit, person.debt);
  }
  const comes: (PaymentEvent | (typeof history.holdings)[number]['person'])[] = [
    ...history.events.flatMap((event) => (random.chance(0.3) ? [event, event] : [event])),
    ...history.holdings.flatMap(({ person }) => (person.signsUp === 'late' ? [person] : [])),
  ];
  for (let at = comes.length - 1; at > 0; at--) {
    const other = random.int(0, at);
    [comes[at], comes[other]] = [comes[other] as PaymentEvent, comes[at] as PaymentEvent];
  }
  const atOnce = random.pick([1, 1, 3, 12]);
  const turns = atOnce > 1 ? new Turns(random) : null;
  const seen = struck(works.seen(till), random, counts, turns);
  // Now and then the queue stands still until everything was told.
  const stands = random.chance(0.3);
  let patience = 20_000;
  const take = async (id: PaymentEventId): Promise<void> => {
    counts.deliveries++;
    hold('everything is taken up in the end', --patience > 0, () => 'the queue never empties');
    const came = await takeUp(seen, id, works.rules).catch((thrown: unknown) => {
      if (thrown instanceof Crash) return 'later' as const;
      throw thrown;
    });
    if (came === 'later') till.queue.push(id);
  };
  const drain = async (most: number): Promise<void> => {
    for (let n = 0; n < most && till.queue.length > 0; n++) {
      const batch = Array.from({ length: Math.min(atOnce, till.queue.length) }, () => {
        const [id] = till.queue.splice(random.int(0, till.queue.length - 1), 1);
        // Queues deliver at least once.
        if (id && random.chance(0.1)) till.queue.push(id);
        return id;
      });
      const works = batch.flatMap((id) => (id ? [() => take(id)] : []));
      await (turns ? turns.all(works) : works[0]?.());
    }
  };
  for (const one of comes) {
    // A sign-up may come while others are in the middle of something.
    if ('email' in one) await (turns ? signUpAmong(till, one, turns, take) : till.signUp(one));
    else till.receive(one);
    if (!stands) await drain(random.int(0, 2));
  }
  await drain(Number.MAX_SAFE_INTEGER);
  return endOf(history, till);
}

async function signUpAmong(
  till: TillModel,
  person: Parameters<TillModel['signUp']>[0],
  turns: Turns,
  take: (id: PaymentEventId) => Promise<void>,
) {
  const busy = till.queue.splice(0, 3);
  const signUp = async () => {
    await turns.turn();
    till.signUp(person);
  };
  await turns.all([signUp, ...busy.map((id) => () => take(id))]);
}

function endOf({ holdings }: History, till: TillModel): End {
  const ends = holdings.map((holding) => {
    const { userId } = holding.person;
    const purses = (['COIN', 'MOMENT'] as const).map((unit) => {
      const [{ has, owes }, expected] = [till.purse(userId, unit), balanceOf(holding, unit)];
      hold('balances are what the truth comes to', has === expected.has && owes === expected.owes, () => {
        return `${userId} has ${has} and owes ${owes} ${unit}, and should ${expected.has} and ${expected.owes}`;
      });
      return `${has}-${owes}`;
    });
    const own = [...till.subscriptions.values()].filter((subscription) => subscription.userId === userId);
    const plans = moments.map((at) => {
      const inForce = own.flatMap((subscription) => planInForce(subscription, at) ?? []);
      return inForce.includes('premium') ? 'premium' : inForce.includes('plus') ? 'plus' : null;
    });
    const expected = plansOf(holding);
    hold('plans are what was paid for', plans.join() === expected.join(), () => `${userId}: ${plans.join()} and not ${expected.join()}`);
    const states = own.map(({ store, ref, plan, state, until }) => [store, ref, plan, state, until].join(' ')).sort();
    return [userId, ...purses, ...states].join(' | ');
  });
  const known = new Set(holdings.filter(({ person }) => person.signsUp !== 'never').map(({ person }) => person.userId));
  const events = [...till.kept.values()];
  for (const { delivery, reason, fact } of events) {
    const has = holdings.find(({ person }) => delivery.sourceEventId.includes(person.userId))?.person.userId;
    const waits = delivery.state === 'pending' || delivery.state === 'waiting';
    hold('every event ends where it belongs', has && known.has(has) ? delivery.state === 'applied' : waits, () => {
      return `${fact.kind} of ${fact.source} is ${delivery.state} (${reason})`;
    });
  }
  hold('everything is said once', new Set(till.said).size === till.said.length, () => till.said.join(', '));
  const posted = [...till.payments.values()].flatMap((payment) => [payment.posted, ...payment.refunds.map(({ posted }) => posted)]);
  hold('everything granted and taken is in the books', posted.every(Boolean), () => 'a payment or refund is not posted');
  return [...ends, ...[...till.postings.keys()].filter((key) => !key.startsWith('refund')).sort(), ...[...till.said].sort()].join('\n');
}

/** Lives a history through in many orders; all must end alike, and as the oracle says. */
export async function liveThrough(seed: string, counts: Counts, works: Works = realWorks, orders = ORDERS): Promise<void> {
  const history = historyOf(new Random(seed));
  counts.histories++;
  let first: End | null = null;
  for (let order = 0; order < orders; order++) {
    counts.orders++;
    const end = await liveOnce(history, new Random(`${seed}/${order}`), counts, works);
    first ??= end;
    hold('every order ends alike', end === first, () => `order ${order}:\n${end}\n\nand order 0:\n${first}`);
  }
}
