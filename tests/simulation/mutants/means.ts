/** Bugs in what pays beside coins: days of allowance, lots of moments, pieces of company, and their order. */
import type { MeansUse } from '../../../worker/domains/balance/service.ts';
import type { ChargeOrder, DueCheckpoint } from '../../../worker/domains/pricing/port.ts';
import type { Way } from '../../../worker/domains/pricing/ways.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { LedgerModel, type Posting } from '../ledger-model.ts';
import { type Lot, MeansModel } from '../means-model.ts';
import { realRules } from '../rules.ts';
import { DAY_MS } from '../zones.ts';
import { beginning, effecting, ledger, type Mutant, ruling } from './plant.ts';

const { companyAhead, dayAt, meansOf, spendingOf, termsInForce, waysOf } = realRules;

/** The database keeps one of its laws of means no more. */
const keeping = (name: string, of: typeof MeansModel): Mutant =>
  ledger(
    name,
    class extends LedgerModel {
      override newMeans() {
        return new of();
      }
    },
  );

/** Every way of paying is changed. */
const trying = (name: string, change: (way: Way) => Way): Mutant =>
  ledger(
    name,
    class extends LedgerModel {
      override attempt(order: ChargeOrder, due: DueCheckpoint, way: Way, now: number) {
        return super.attempt(order, due, change(way), now);
      }
    },
  );

const isMoment = ({ kind, moves }: Way) => kind === 'piece' && moves.length > 0;
const last = (ways: Way[], which: (way: Way) => boolean): Way[] => [...ways.filter((way) => !which(way)), ...ways.filter(which)];

export const meansMutants: readonly Mutant[] = [
  keeping(
    'lets an allowance go beyond its limit',
    class extends MeansModel {
      override refusal(posting: Posting, use: MeansUse) {
        const why = super.refusal(posting, use);
        return why === 'allowance_left' ? null : why;
      }
    },
  ),
  keeping(
    'takes the newest lot first',
    class extends MeansModel {
      override eligible(posting: Posting): Lot[] {
        return super.eligible(posting).reverse();
      }
    },
  ),
  keeping(
    'spends moments that have expired',
    class extends MeansModel {
      override eligible(posting: Posting): Lot[] {
        return posting.kind === 'expiry' ? super.eligible(posting) : this.openLots(posting.owner);
      }
    },
  ),
  keeping(
    'lets an expiry take from any lot',
    class extends MeansModel {
      override eligible(posting: Posting): Lot[] {
        return posting.kind === 'expiry' ? this.openLots(posting.owner).reverse() : super.eligible(posting);
      }
      override lotRefusal(posting: Posting, amount: number) {
        return posting.kind === 'expiry' ? null : super.lotRefusal(posting, amount);
      }
    },
  ),
  keeping(
    'takes moments from no lot',
    class extends MeansModel {
      override take() {}
    },
  ),
  keeping(
    'uses a day up and forgets it',
    class extends MeansModel {
      override consume(posting: Posting, use: MeansUse): void {
        super.consume(posting, use.means === 'allowance' ? { ...use, seconds: 0 } : use);
      }
    },
  ),
  keeping(
    'uses no piece up',
    class extends MeansModel {
      override consume(posting: Posting, use: MeansUse): void {
        super.consume(posting, use.means === 'allowance' ? use : { ...use, parts: 1 });
      }
    },
  ),
  keeping(
    'lets a rest with one companion serve another',
    class extends MeansModel {
      override piecesWith(owner: UserId, _peer: UserId, since: number) {
        return [...this.pieces.values()].filter((piece) => piece.owner === owner && piece.usedAt > since && piece.used < piece.parts);
      }
    },
  ),
  keeping(
    'keeps a rest for a week',
    class extends MeansModel {
      override piecesWith(owner: UserId, peer: UserId, since: number) {
        return super.piecesWith(owner, peer, since - 6 * DAY_MS);
      }
    },
  ),
  ruling('opens a piece for every checkpoint', {
    waysOf: (order, due, has) => waysOf(order, due, { ...has, company: has.company && { ...has.company, running: [] } }),
  }),
  ruling('spends coins before moments', { waysOf: (order, due, has) => last(waysOf(order, due, has), isMoment) }),
  ruling('spends moments before the allowance', {
    waysOf: (order, due, has) => last(waysOf(order, due, has), ({ kind }) => kind === 'allowance'),
  }),
  ruling('spends coins beyond a plan that stops', {
    waysOf: (order, due, has) => waysOf(order, due, { ...has, spending: { ...has.spending, coins: 'always' } }),
  }),
  ruling('leaves behind what was brought along', { spendingOf: (version) => spendingOf(version, false) }),
  ruling('goes on with a plan that is paused', {
    termsInForce: (plans, subscription, at) => termsInForce(plans, subscription && { ...subscription, state: 'active' }, at),
  }),
  ruling('goes on with a plan that is over', {
    termsInForce: (plans, subscription, at) => termsInForce(plans, subscription && { ...subscription, until: at + 1 }, at),
  }),
  ruling('begins a day at every midnight', {
    dayAt: (at, zone, { before }, plan) => {
      const known = before && dayAt(at, zone, { before: null, after: null }, plan).beganAt === before.beganAt ? before : null;
      return dayAt(at, zone, { before: known, after: null }, plan);
    },
  }),
  ruling('begins days by the clock of the house', { dayAt: (at, _zone, days, plan) => dayAt(at, 'UTC', days, plan) }),
  ruling('promises moments that will have expired', {
    companyAhead: (of) => companyAhead({ ...of, lots: of.lots.map((lot) => ({ ...lot, expiresAt: Number.MAX_SAFE_INTEGER })) }),
  }),
  ruling('promises by voice what is spent by video', { companyAhead: (of) => companyAhead({ ...of, media: 'audio' }) }),
  ruling('warns of an end that a new day puts off', { meansOf: (spending, has) => ({ ...meansOf(spending, has), until: null }) }),
  effecting('never asks anew what there is to spend', (effect) => (effect.kind === 'means' ? [] : [effect])),
  trying('takes half of what is covered from the allowance', (way) =>
    way.use?.means === 'allowance' ? { ...way, use: { ...way.use, seconds: Math.floor(way.use.seconds / 2) } } : way,
  ),
  trying('takes coins beside a moment', (way) =>
    isMoment(way)
      ? {
          ...way,
          moves: way.moves.flatMap((move) => [
            move,
            { ...move, unit: 'COIN', amount: 1, from: move.from.replace('MOMENT', 'COIN'), to: 'house:revenue:COIN' },
          ]),
        }
      : way,
  ),
  trying('pays from a plan without using it', (way) => {
    const { use: _forgotten, ...rest } = way;
    return way.kind === 'allowance' ? rest : way;
  }),
  ledger(
    'pays no companion where a plan pays',
    class extends LedgerModel {
      override attempt(order: ChargeOrder, due: DueCheckpoint, way: Way, now: number) {
        return super.attempt(way.kind === 'allowance' ? { ...order, payeeCheckpoint: null } : order, due, way, now);
      }
    },
  ),
  ledger(
    'pays a companion half where a moment pays',
    class extends LedgerModel {
      override attempt(order: ChargeOrder, due: DueCheckpoint, way: Way, now: number) {
        const { payeeCheckpoint: payee } = order;
        const less = payee && way.kind === 'piece' ? { ...payee, amount: Math.ceil(payee.amount / 2) } : payee;
        return super.attempt({ ...order, payeeCheckpoint: less }, due, way, now);
      }
    },
  ),
  beginning('pays a call by tokens whatever it began with', (record) => ({ ...record, payerVersion: 'tokens' })),
];
