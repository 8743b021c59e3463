/** Bugs in what a call charges and when. */
import type { Effect } from '../../../durable-objects/call-session/core/effects.ts';
import { isOver } from '../../../durable-objects/call-session/core/state.ts';
import { beginning as atTheBeginning } from '../../../worker/domains/billing/meter.ts';
import { realRules } from '../rules.ts';
import { afterwards, beginning, deaf, deciding, effecting, type Mutant, ruling, withMoney } from './plant.ts';

type Charge = Extract<Effect, { kind: 'charge' }>;

const charging = (name: string, change: (charge: Charge) => readonly Effect[]): Mutant =>
  effecting(name, (effect) => (effect.kind === 'charge' ? change(effect) : [effect]));

const ordering = (name: string, change: (order: Charge['order']) => Partial<Charge['order']>): Mutant =>
  charging(name, (charge) => [{ ...charge, order: { ...charge.order, ...change(charge.order) } }]);

export const moneyMutants: readonly Mutant[] = [
  charging('charges every second twice', ({ kind, order }) => {
    const again = order.payerCheckpoint && { ...order.payerCheckpoint, n: order.payerCheckpoint.n + 1 };
    return [
      { kind, order },
      { kind, order: { ...order, payerCheckpoint: again, payeeCheckpoint: null } },
    ];
  }),
  ordering('charges a coin more', ({ payerCheckpoint }) => ({
    payerCheckpoint: payerCheckpoint && { ...payerCheckpoint, amount: payerCheckpoint.amount + 1 },
  })),
  ordering('rounds earnings down to half', ({ payeeCheckpoint }) => ({
    payeeCheckpoint: payeeCheckpoint && { ...payeeCheckpoint, amount: Math.ceil(payeeCheckpoint.amount / 2) },
  })),
  ordering('forgets the payee', ({ payerCheckpoint, payeeCheckpoint }) => ({ payeeCheckpoint: payerCheckpoint ? null : payeeCheckpoint })),
  ordering('pays the payee alone', ({ payerCheckpoint, payeeCheckpoint }) => ({
    payerCheckpoint: payeeCheckpoint ? null : payerCheckpoint,
  })),
  ordering('numbers checkpoints by their second', ({ payerCheckpoint, atSeconds }) => ({
    payerCheckpoint: payerCheckpoint && { ...payerCheckpoint, n: atSeconds },
  })),
  ordering('charges the payee', ({ payer, payee }) => ({ payer: payee, payee: payer })),
  ordering('carries everybody, for ever', () => ({ grace: { perDay: 1_000 } })),
  ordering('carries nobody', () => ({ grace: null })),
  ordering('takes every refusal for an outage', () => ({ outage: true })),
  ordering('orders under another tariff', () => ({ tariffId: 'tar_other' })),
  effecting('gives a resumed call grace', (effect, record) =>
    effect.kind === 'charge' && record.resumes !== null ? [{ ...effect, order: { ...effect.order, grace: { perDay: 1_000 } } }] : [effect],
  ),
  deciding('gives the books up at once', (real, before, event, now) => {
    const step = real(before, event, now);
    if (event.type !== 'charge.unknown' || isOver(step.state)) return step;
    return { ...step, state: { ...step.state, phase: 'ended', endReason: 'billing_unavailable', endedAt: now, until: null } };
  }),
  ruling('resumes a call of long ago', { standingOf: (record) => realRules.standingOf(record, record.endedAt ?? 0) }),
  ruling('resumes whatever ended', {
    standingOf: (record, now) => realRules.standingOf({ ...record, endReason: 'balance_exhausted' }, now),
  }),
  ruling('resumes from a second later', {
    standingOf: (record, now) => {
      const standing = realRules.standingOf(record, now);
      return standing && { ...standing, connectedMs: standing.connectedMs + 1_000 };
    },
  }),
  ruling('forgives a resumed call what was refused', {
    standingOf: (record, now) => {
      const standing = realRules.standingOf(record, now);
      if (standing === null) return null;
      const { payer, payee } = standing.positions;
      return { ...standing, positions: { payer: { ...payer, index: payer.index + 1 }, payee } };
    },
  }),
  beginning('begins a resumed call’s checkpoints anew', (record) => ({ ...record, money: { ...record.money, positions: atTheBeginning } })),
  beginning('forgets the offset of a resumed call', (record) => ({ ...record, offsetMs: 0 })),
  beginning('adds to the offset of a resumed call', (record) => ({
    ...record,
    offsetMs: record.offsetMs === 0 ? 0 : record.offsetMs + 60_000,
  })),
  beginning('ignores the tariff’s longest call', (record) => ({ ...record, money: { ...record.money, stopAt: 1e6 } })),
  deaf('talks on without an answer of the books', 'billing_unavailable'),
  deaf('talks on without coins', 'balance_exhausted'),
  deciding('talks on after a refusal', (real, before, event, now) => {
    const { pending } = before.money;
    if (event.type !== 'charge.refused' || pending === null) return real(before, event, now);
    return real(before, { type: 'charge.posted', atSeconds: event.atSeconds, items: [] }, now);
  }),
  deciding('takes no answer for a yes', (real, before, event, now) =>
    real(before, event.type === 'charge.unknown' ? { type: 'charge.posted', atSeconds: event.atSeconds, items: [] } : event, now),
  ),
  deciding('takes no answer for a no', (real, before, event, now) =>
    real(before, event.type === 'charge.unknown' ? { ...event, type: 'charge.refused', outage: false } : event, now),
  ),
  deciding('pays the payee though the payer was refused', (real, before, event, now) => {
    const step = real(before, event, now);
    const order = before.money.pending?.order;
    if (event.type !== 'charge.refused' || !order?.payeeCheckpoint) return step;
    return { ...step, effects: [...step.effects, { kind: 'charge', order: { ...order, payerCheckpoint: null } }] };
  }),
  afterwards('ends a second late where the coins ran out', (step, before) =>
    isOver(step.state) && !isOver(before) && step.state.endReason === 'balance_exhausted'
      ? withMoney(step, { stopAt: step.state.money.stopAt + 60 })
      : step,
  ),
  afterwards('leaves the last checkpoints unposted', (step, before) =>
    step.state.endReason === 'hangup' && !isOver(before)
      ? { ...step, effects: step.effects.filter(({ kind }) => kind !== 'charge') }
      : step,
  ),
  afterwards('stops at the end of grace although the payer pays again', (step) => {
    const { money, clock } = step.state;
    const seconds = money.tariff.grace?.seconds;
    if (seconds === undefined || clock === null || clock.connectedMs < seconds * 1000 || money.stopAt <= seconds) return step;
    return withMoney(step, { stopAt: seconds });
  }),
  afterwards('counts from zero under another tariff', (step, before) => {
    const { positions, tariff } = step.state.money;
    if (tariff.id === before.money.tariff.id) return step;
    return withMoney(step, { positions: { payer: { ...positions.payer, n: 0 }, payee: { ...positions.payee, n: 0 } } });
  }),
  afterwards('skips a checkpoint under another tariff', (step, before) => {
    const { positions, tariff } = step.state.money;
    if (tariff.id === before.money.tariff.id) return step;
    return withMoney(step, { positions: { ...positions, payer: { ...positions.payer, index: positions.payer.index + 1 } } });
  }),
  effecting('writes the receipt twice', (effect) => (effect.kind === 'line' ? [effect, effect] : [effect])),
  effecting('leaves the payee off the receipt', (effect) => (effect.kind === 'line' && effect.line.party === 'payee' ? [] : [effect])),
  effecting('says the payer paid what the house did', (effect) =>
    effect.kind === 'line' && effect.line.paidBy === 'grace' ? [{ ...effect, line: { ...effect.line, paidBy: 'coins' } }] : [effect],
  ),
];
