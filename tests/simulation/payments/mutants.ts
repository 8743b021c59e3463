/** Bugs planted in the rules of payments, in what the tables refuse, and in the order of effects. Each must be caught. */
import { aliasAt, type Claim } from '../../../worker/domains/payment/claim-rules.ts';
import { type RefundWord, standingOf } from '../../../worker/domains/payment/refund-rules.ts';
import type { SubscriptionWord } from '../../../worker/domains/payment/subscription-rules.ts';
import { type PaymentRules, realRules } from '../../../worker/domains/payment/taking-up.ts';
import type { Payment, StoredEvent, StoredRefund, Till } from '../../../worker/domains/payment/till.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { realWorks, type Works } from './live.ts';
import { TillModel } from './till-model.ts';

export interface Mutant {
  readonly name: string;
  readonly works: Works;
}

const ruling = (name: string, rules: Partial<PaymentRules>): Mutant => ({
  name,
  works: { ...realWorks, rules: { ...realRules, ...rules } },
});
const keeping = (name: string, of: typeof TillModel): Mutant => ({ name, works: { ...realWorks, till: () => new of() } });
const seeing = (name: string, change: (till: TillModel) => Partial<Till>): Mutant => ({
  name,
  works: {
    ...realWorks,
    seen: (till) => {
      const changed = change(till);
      return new Proxy<Till>(till, {
        get: (target, method) => Reflect.get(changed, method) ?? (Reflect.get(target, method) as () => unknown).bind(target),
      });
    },
  },
});

const { foldSubscription } = realRules;
const folding = (name: string, change: (words: readonly SubscriptionWord[]) => readonly SubscriptionWord[]): Mutant =>
  ruling(name, { foldSubscription: (words) => foldSubscription(change(words)) });

const ruleMutants: readonly Mutant[] = [
  ruling('rounds what is taken up', {
    changeBy: (payment, before, word) =>
      Math.min(payment.granted - standingOf(payment, before).taken, realRules.changeBy(payment, before, word) + 1),
  }),
  ruling('takes each part by itself', {
    changeBy: (payment, before, word) => {
      const left = payment.granted - standingOf(payment, before).taken;
      return word.kind === 'refund_reversal'
        ? realRules.changeBy(payment, before, word)
        : Math.min(left, standingOf(payment, [word]).taken);
    },
  }),
  ruling('never gives back what did not stand', {
    changeBy: (payment, before, word) => Math.max(0, realRules.changeBy(payment, before, word)),
  }),
  ruling('forgets reversals that come first', {
    changeBy: (payment, before, word) => {
      const without = before.filter(({ kind }: RefundWord) => kind !== 'refund_reversal');
      return word.kind === 'refund_reversal' ? realRules.changeBy(payment, before, word) : realRules.changeBy(payment, without, word);
    },
  }),
  ruling('takes all for any part', { changeBy: (payment, before, word) => realRules.changeBy(payment, before, { ...word, money: null }) }),
  ruling('names all refunds of a payment alike', { refundKey: (of, word) => realRules.refundKey(of, { ...word, refundId: null }) }),
  ruling('gives a tenth more', {
    grantOf: (product, at) => {
      const grant = realRules.grantOf(product, at);
      return { ...grant, amount: grant.amount + Math.floor(grant.amount / 10) };
    },
  }),
  ruling('gives nothing that the model does not spend', {
    grantOf: (product, at) => (product.kind === 'moments' ? { unit: null, amount: 0, metadata: {} } : realRules.grantOf(product, at)),
  }),
  ruling('takes a renewal for no payment', { tellsPayment: (event) => event.kind === 'purchase' && realRules.tellsPayment(event) }),
  ruling('binds no subscription', {
    aliasesOf: (event) => realRules.aliasesOf(event).filter(({ kind }) => !kind.endsWith('_subscription')),
  }),
  ruling('binds nothing', { aliasesOf: () => [] }),
  ruling('counts nothing but our own ids', {
    whoseIs: (claims, granted) =>
      realRules.whoseIs(
        claims.filter(({ strength }) => strength === 'known'),
        granted,
      ),
  }),
  folding('forgets what was given back', (words) => words.map((word) => ({ ...word, refunded: false }))),
  folding('ends with a cancellation', (words) => words.map((word) => (word.kind === 'cancellation' ? { ...word, kind: 'expiry' } : word))),
  folding('knows no pause', (words) => words.filter(({ kind }) => kind !== 'pause')),
  folding('never goes on after a pause', (words) =>
    words.filter(({ kind, transactionId }) => kind !== 'renewal' || transactionId !== null),
  ),
  folding('knows no end', (words) => words.filter(({ kind }) => kind !== 'expiry')),
  folding('collects no longer than was paid', (words) =>
    words.map((word) => (word.kind === 'grace' || word.kind === 'billing_issue' ? { ...word, until: null } : word)),
  ),
  folding('believes an end that was given back', (words) =>
    words.map((word) => (word.transactionId === null && word.until !== null ? { ...word, until: word.until + 1 } : word)),
  ),
  folding('keeps its first plan', (words) => words.filter(({ kind }) => kind !== 'product_change')),
  ruling('stands as the last word that came', {
    foldSubscription: (words) => foldSubscription(words.map((word, at) => ({ ...word, occurredAt: at + 1 }))),
  }),
];

const tableMutants: readonly Mutant[] = [
  keeping(
    'keeps no deliveries apart',
    class extends TillModel {
      override receive(fact: Parameters<TillModel['receive']>[0]) {
        super.receive({ ...fact, sourceEventId: `${fact.source} ${fact.kind}` });
      }
    },
  ),
  keeping(
    'books a key again',
    class extends TillModel {
      override book(key: string, meant: string) {
        super.book(key, meant);
        return null;
      }
    },
  ),
  keeping(
    'grants by who tells it',
    class extends TillModel {
      private told: string | null = null;
      override async soldAs(...asked: Parameters<TillModel['soldAs']>) {
        this.told = null;
        return super.soldAs(...asked);
      }
      override async addPayment(wish: Omit<Payment, 'id'>) {
        const source = this.kept.get(wish.eventId)?.delivery.source ?? '';
        this.told = source === wish.store ? null : source;
        return super.addPayment(this.told ? { ...wish, transactionId: `${wish.transactionId} by ${source}` } : wish);
      }
    },
  ),
  keeping(
    'lets the last claim win',
    class extends TillModel {
      override async claim(...[id, userId]: Parameters<TillModel['claim']>): Promise<UserId> {
        const kept = this.kept.get(id);
        if (kept?.event) kept.event = { ...kept.event, userId };
        await super.settle(id, 'stored');
        return userId;
      }
      override async event(id: Parameters<TillModel['event']>[0]): Promise<StoredEvent | null> {
        const event = await super.event(id);
        return event && { ...event, userId: null, customerRefs: event.customerRefs.filter(({ kind }) => kind !== 'user') };
      }
    },
  ),
  keeping(
    'takes the place of another refund',
    class extends TillModel {
      override async addRefund(payment: Payment, n: number, refund: Omit<StoredRefund, 'posted'>) {
        const standing = this.payments.get(`${payment.store} ${payment.transactionId}`);
        return super.addRefund(payment, Math.max(n, standing?.refunds.length ?? 0), refund);
      }
    },
  ),
  keeping(
    'adds a refund again',
    class extends TillModel {
      override async payment(...of: Parameters<TillModel['payment']>) {
        const found = await super.payment(...of);
        return found && { ...found, refunds: found.refunds.map((refund) => ({ ...refund, posted: false })) };
      }
      override book(key: string, meant: string) {
        const before = super.book(key, meant);
        return key.startsWith('refund') ? null : before;
      }
    },
  ),
  keeping(
    'says everything each time',
    class extends TillModel {
      override async notePosted(noted: Parameters<TillModel['notePosted']>[0]) {
        await super.notePosted(noted);
        if ('kind' in noted) this.said.push(`applied ${noted.payment.store} ${noted.payment.transactionId}`);
      }
    },
  ),
  keeping(
    'keeps a subscription folded from fewer words',
    class extends TillModel {
      override async putSubscription(subscription: Parameters<TillModel['putSubscription']>[0]) {
        await super.putSubscription({ ...subscription, words: 0 });
      }
    },
  ),
  keeping(
    'counts no refunds among the words',
    class extends TillModel {
      override async wordsOf(...of: Parameters<TillModel['wordsOf']>) {
        const { words } = await super.wordsOf(...of);
        return { words: words.map((word) => ({ ...word, refunded: false })), count: words.length };
      }
    },
  ),
  keeping(
    'knows an alias only from when it was bound',
    class extends TillModel {
      override async claimsOn(event: StoredEvent): Promise<Claim[]> {
        const claims = await super.claimsOn(event);
        const bound = [...this.aliases.values()].filter((row) => aliasAt([row], event.occurredAt) !== null);
        return bound.length > 3 ? claims.filter(({ strength }) => strength !== 'known') : claims;
      }
    },
  ),
];

const orderMutants: readonly Mutant[] = [
  seeing('wakes nothing that was pending', () => ({ pendingWith: async () => [] })),
  seeing('wakes nothing that waits for its payment', () => ({ parkedOn: async () => [] })),
  seeing('loses what it puts on the queue', () => ({ enqueue: async () => {} })),
  seeing('folds no subscription after a refund', () => ({ subscriptionsOf: async () => [] })),
  seeing('notes that nobody is known only after its last look', (till) => lateSettle(till, 'pending')),
  seeing('notes that a refund waits only after its last look', (till) => lateSettle(till, 'waiting')),
  seeing('looks for what waits before the payment is there', (till) => {
    const before = new Map<string, Awaited<ReturnType<Till['parkedOn']>>>();
    return {
      claim: async (id, userId) => {
        const event = till.kept.get(id)?.event;
        if (event?.storeTransactionId && !/refund|chargeback/.test(event.kind))
          before.set(`${event.store} ${event.storeTransactionId}`, await till.parkedOn(event.store, event.storeTransactionId));
        return till.claim(id, userId);
      },
      parkedOn: async (store, transaction) => before.get(`${store} ${transaction}`) ?? [],
    };
  }),
  seeing('calls it done before it is posted', (till) => ({
    addPayment: async (wish) => {
      const payment = await till.addPayment(wish);
      await till.notePosted({ payment, kind: 'coins' });
      return payment;
    },
  })),
  seeing('takes an unknown outcome for a posting', (till) => ({
    postPayment: async (payment) => (payment.transactionId.endsWith('3') ? 'posted' : till.postPayment(payment)),
  })),
];

/** What is noted comes into effect only with the next note of anybody: after whoever noted it has looked again. */
function lateSettle(till: TillModel, late: 'pending' | 'waiting'): Partial<Till> {
  let kept: (() => Promise<void>) | null = null;
  return {
    settle: async (id, state, more) => {
      const before = kept;
      kept = null;
      await before?.();
      if (state === late) kept = () => till.settle(id, state, more);
      else await till.settle(id, state, more);
    },
    delivery: async (id) => {
      const before = kept;
      kept = null;
      await before?.();
      return till.delivery(id);
    },
  };
}

export const mutants: readonly Mutant[] = [...ruleMutants, ...tableMutants, ...orderMutants];
