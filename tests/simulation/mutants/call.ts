/** Bugs in the life of a call: states, timers, sockets, the clock. */
import { isOver, otherSide } from '../../../durable-objects/call-session/core/state.ts';
import { realRules } from '../rules.ts';
import { afterwards, beginning, deaf, deciding, effecting, type Mutant, ruling } from './plant.ts';

export const callMutants: readonly Mutant[] = [
  deaf('rings for ever', 'no_answer'),
  deaf('waits for media for ever', 'connect_failed'),
  deaf('never gives a silent party up', 'lost'),
  deaf('never gives up who waits alone', 'solo'),
  deaf('talks longer than allowed', 'max_duration'),
  deaf('ignores a block', 'blocked'),
  beginning('gives a silent party up too soon', (record) => ({ ...record, limits: { ...record.limits, reconnectMs: 10_000 } })),
  beginning('gives a silent party up too late', (record) => ({ ...record, limits: { ...record.limits, reconnectMs: 60_000 } })),
  beginning('waits alone too shortly', (record) => ({ ...record, limits: { ...record.limits, soloMs: 20_000 } })),
  beginning('is frozen for any time', (record) => ({ ...record, limits: { ...record.limits, frozenMs: 1e9 } })),
  beginning('rings too shortly', (record) => ({ ...record, limits: { ...record.limits, ringMs: 12_000 } })),
  effecting('forgets to free the locks', (effect) => (effect.kind === 'unlock' ? [] : [effect])),
  effecting('warns nobody', (effect) => (effect.kind === 'send' && effect.frame.type === 'billing.low' ? [] : [effect])),
  effecting('warns the wrong party', (effect) =>
    effect.kind === 'send' && effect.frame.type === 'billing.low' ? [{ ...effect, to: otherSide(effect.to) }] : [effect],
  ),
  effecting('says no farewell', (effect) => (effect.kind === 'farewell' || effect.kind === 'settled' ? [] : [effect])),
  afterwards('lets the second device answer too', (step, before, event) =>
    event.type === 'accept' && before.answeredBy !== null ? { ...step, state: { ...step.state, answeredBy: event.sessionId } } : step,
  ),
  afterwards('wakes the dead', (step, before, event) =>
    event.type === 'accept' && before.phase === 'ended' ? { ...step, state: { ...step.state, phase: 'connecting' } } : step,
  ),
  afterwards('changes why it ended', (step, before, event) =>
    event.type === 'hangup' && isOver(before) ? { ...step, state: { ...step.state, endReason: 'hangup' } } : step,
  ),
  afterwards('settles before its effects are out', (step) =>
    step.state.phase === 'ended' ? { ...step, state: { ...step.state, phase: 'settled', settledAt: step.state.lastNow } } : step,
  ),
  deciding('never settles', (real, before, event, now) => real(before, event.type === 'drained' ? { type: 'tick' } : event, now)),
  deciding('rings without the locks', (real, before, event, now) =>
    real(before, event.type === 'locks.refused' ? { type: 'locks.taken' } : event, now),
  ),
  deciding('begins when one side has media', (real, before, event, now) => {
    const step = real(before, event, now);
    if (event.type !== 'media.connected' || step.state.phase !== 'connecting') return step;
    const other = real(step.state, { type: 'media.connected', party: otherSide(event.party) }, now);
    return { ...other, effects: [...step.effects, ...other.effects] };
  }),
  deciding('lets its time run backwards', (real, before, event, now) => real({ ...before, lastNow: 0 }, event, now)),
  deciding('takes the present for a proof', (real, before, event, now) =>
    real(before, { ...event, proofs: { caller: now, callee: now } }, now),
  ),
  deciding('believes one side for both', (real, before, event, now) => {
    const { caller, callee } = event.proofs ?? {};
    const best = Math.max(caller ?? 0, callee ?? 0);
    return real(before, best === 0 ? event : { ...event, proofs: { caller: best, callee: best } }, now);
  }),
  deciding('forgets proofs', (real, before, event, now) => real(before, { ...event, proofs: {} }, now)),
  deciding('takes a new socket for media', (real, before, event, now) => {
    const step = real(before, event, now);
    if (event.type !== 'socket.opened' || !before.parties[event.party].mediaUp || isOver(step.state)) return step;
    return real(step.state, { type: 'media.connected', party: event.party }, now);
  }),
  deciding('hears every wish of an insistent device', (real, before, event, now) =>
    real({ ...before, wishes: { caller: [], callee: [] } }, event, now),
  ),
  deciding('restarts t0 after a reconnect', (real, before, event, now) => {
    const step = real(before, event, now);
    const { state } = step;
    if (before.phase !== 'reconnecting' || state.phase !== 'active' || state.clock === null) return step;
    return { ...step, state: { ...state, clock: { ...state.clock, startedAt: state.lastNow } } };
  }),
  afterwards('gives two seconds at the start', (step, before) =>
    before.clock === null && step.state.clock !== null
      ? { ...step, state: { ...step.state, clock: { ...step.state.clock, connectedMs: step.state.clock.connectedMs + 2_000 } } }
      : step,
  ),
  beginning('counts long silences', (record) => ({ ...record, limits: { ...record.limits, deadMs: 40_000 } })),
  beginning('counts no silence at all', (record) => ({ ...record, limits: { ...record.limits, deadMs: 4_000 } })),
  deciding('does not freeze', (real, before, event, now) => {
    const step = real(before, event, now);
    return before.phase === 'active' && step.state.phase === 'reconnecting'
      ? { ...step, state: { ...step.state, phase: 'active', until: null, frozenFrom: null, freezes: before.freezes } }
      : step;
  }),
  deciding('freezes any number of times', (real, before, event, now) => real({ ...before, freezes: 0 }, event, now)),
  deciding('counts on after the end', (real, before, event, now) => {
    if (before.phase !== 'ended' || before.clock === null || before.money.pending !== null) return real(before, event, now);
    return real({ ...before, clock: { ...before.clock, connectedMs: before.clock.connectedMs + 30_000 } }, event, now);
  }),
  ruling('sets no alarm while it connects', {
    nextWake: (record, now) => (record.phase === 'connecting' ? null : realRules.nextWake(record, now)),
  }),
  ruling('sets no alarm while it rings', {
    nextWake: (record, now) => (record.phase === 'ringing' ? null : realRules.nextWake(record, now)),
  }),
  ruling('wakes late for checkpoints', {
    nextWake: (record, now) => {
      const wake = realRules.nextWake(record, now);
      return record.phase === 'active' && wake !== null ? wake + 8_000 : wake;
    },
  }),
];
