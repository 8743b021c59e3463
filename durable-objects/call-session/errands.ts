/** Carries out what stands in a call's outbox. Each errand is safe to repeat; its answer comes back as an event. */

import { sideOf, switchedTo } from '../../worker/domains/billing/meter.ts';
import { blockedBetween } from '../../worker/domains/blocklist/service.ts';
import { noteCall } from '../../worker/domains/chat/service.ts';
import type { Pace } from '../../worker/domains/moments/rules.ts';
import type { Means, PricingModel } from '../../worker/domains/pricing/port.ts';
import { paceOf, pricingFor } from '../../worker/domains/pricing/service.ts';
import { callEnded, noteMediaOutcome, recordCall, tariffForChange } from '../../worker/domains/video/service.ts';
import type { Context } from '../../worker/platform/context.ts';
import { causeOf } from '../../worker/platform/log.ts';
import { callSession, userHub } from '../../worker/platform/stubs.ts';
import type { Receipt } from '../../worker/protocol/call/call.ts';
import type { Tariff } from '../../worker/protocol/http/tariffs.ts';
import type { CallId, Id, UserId } from '../../worker/protocol/ids.ts';
import { toTimestamp } from '../../worker/protocol/time.ts';
import type { Delivery } from '../kit/outbox.ts';
import type { OutboxEffect } from './core/effects.ts';
import type { CallEvent, EventOf } from './core/events.ts';
import { callOf } from './core/frames.ts';
import { type CallRecord, isOver, type KnownMeans, otherSide, sides } from './core/state.ts';

/** What an errand sees of its call. The record is read when it is needed: much may have happened since it was put. */
export interface Desk {
  readonly ctx: Context;
  record(): CallRecord;
  receipt(): Receipt;
  /** Takes an event in. An answer goes into the returned `Delivery`, so that it is stored together with its errand being struck off. */
  happened(event: CallEvent): void;
}

/** What stands in the outbox: what decisions ask for, and what the sockets do. */
export type Errand =
  | OutboxEffect
  /**
   * Let a person's hub know at `at` (ms) that a socket of theirs opened here, or that none is left, so that a session
   * that ends reaches it; also one that ended since.
   */
  | { readonly kind: 'register'; readonly userId: UserId; readonly open: boolean; readonly at: number };

/** Errands of one entity are run in order, entities beside one another: a slow ledger holds no lock back. */
export function entityOf(effect: Errand): string {
  switch (effect.kind) {
    case 'lock':
    case 'unlock':
      return 'locks';
    case 'tell':
      return `tell:${effect.party}`;
    case 'register':
      return `register:${effect.userId}`;
    default:
      return effect.kind;
  }
}

export async function carryOut(desk: Desk, effect: Errand): Promise<Delivery> {
  const { ctx } = desk;
  const record = desk.record();
  switch (effect.kind) {
    case 'lock':
      return lock(desk);
    case 'unlock':
      await Promise.all(
        sides.map(async (party) => must(await userHub(ctx.env, record[party].id).unlock({ callId: record.id, now: ctx.now }))),
      );
      return 'done';
    case 'ring':
      return ring(desk);
    case 'tell':
      must(await userHub(ctx.env, record[effect.party].id).callUpdated({ call: callOf(record), now: ctx.now }));
      return 'done';
    case 'register':
      await userHub(ctx.env, effect.userId).register({ kind: 'call', id: record.id, open: effect.open, now: effect.at });
      return 'done';
    case 'charge':
      return charge(desk, effect, pricingFor(record.payerVersion));
    case 'record':
      await recordCall(ctx, { call: callOf(record), started: record.clock !== null, settledAt: record.settledAt });
      if (effect.phase !== 'settled') ctx.later(noteMediaOutcome(ctx, callOf(record)));
      else if (record.refusal === null) await card(desk);
      return 'done';
    case 'tariff': {
      const payer = record[record.payer];
      const payee = record[otherSide(record.payer)];
      const { n } = record.money.positions.payer;
      const direction = record.payer === 'caller' ? 'member_to_companion' : 'companion_to_member';
      const asked = { payer: { userId: payer.id, shard: payer.ledgerShard }, payeeId: payee.id, media: effect.media };
      const tariff = await tariffForChange(ctx, { kind: record.kind, media: effect.media, payer, payee, direction });
      const found = tariff && (await pricingFor(record.payerVersion)?.means(ctx, { ...asked, pace: nextPace(tariff, record) }));
      const means = found ? knownOf(found) : null;
      return () => desk.happened({ type: 'tariff.found', media: effect.media, tariff, means, n });
    }
    case 'means': {
      const funds = isOver(record) ? null : await fundsOf(ctx, record);
      return funds ? () => desk.happened(funds) : 'done';
    }
    case 'missed':
      return missed(desk);
    case 'happened':
      await callEnded(ctx, callOf(record));
      return 'done';
  }
}

/** What a call keeps of what its payer has. */
const knownOf = ({ seconds, amount, until }: Means): KnownMeans => ({ seconds, amount, until });

/** [WA3] What the payer has now, asked of their pricing model; null where that is not open. */
export async function fundsOf(ctx: Context, record: CallRecord): Promise<EventOf<'funds'> | null> {
  const { payer: party, payerVersion, money, media, clock } = record;
  const payer = record[party];
  const n = money.positions.payer.n;
  const means = await pricingFor(payerVersion)?.means(ctx, {
    payer: { userId: payer.id, shard: payer.ledgerShard },
    payeeId: record[otherSide(party)].id,
    media,
    pace: paceOf(money.tariff, money.positions.payer, clock?.connectedMs),
  });
  return means ? { type: 'funds', means: knownOf(means), n, media } : null;
}

/** How the checkpoints of the tariff come that takes over. */
function nextPace(tariff: Tariff, { money, clock }: CallRecord): Pace {
  const connectedMs = clock?.connectedMs ?? 0;
  return paceOf(tariff, switchedTo(sideOf(tariff, 'payer'), money.positions.payer, connectedMs), connectedMs);
}

/** The lower user id first, so that of two who ring each other one hub decides. */
async function lock(desk: Desk): Promise<Delivery> {
  const { ctx } = desk;
  const { id, caller, callee } = desk.record();
  const people = [
    { self: caller.id, peer: callee.id, code: 'caller_busy' as const },
    { self: callee.id, peer: caller.id, code: 'callee_busy' as const },
  ].sort((a, b) => (a.self < b.self ? -1 : 1));
  for (const { self, peer, code } of people) {
    const answer = await userHub(ctx.env, self).lock({ callId: id, peerId: peer, now: ctx.now });
    if (!answer.ok) {
      if (answer.code === 'call_ended') return 'done'; // It gave its locks back before it had them.
      throw new Error(answer.detail);
    }
    if (answer.value.locked) continue;
    const { heldBy, peerId } = answer.value;
    const joined = peerId === peer ? await join(desk, heldBy) : null;
    return () => desk.happened({ type: 'locks.refused', code: peerId === peer ? 'caller_busy' : code, joined });
  }
  // A block that came after the caller was let through did not find these locks: the one who is second looks.
  if (await blockedBetween(ctx, caller.id, callee.id)) return () => desk.happened({ type: 'locks.refused', code: 'blocked', joined: null });
  return () => desk.happened({ type: 'locks.taken' });
}

/** [GL1] They have a call with each other already: whoever is rung in that one answers it. Null where they can't. */
async function join(desk: Desk, heldBy: CallId): Promise<CallId | null> {
  const { caller, callerSession } = desk.record();
  const answer = await callSession(desk.ctx.env, heldBy).accept({ userId: caller.id, sessionId: callerSession, now: desk.ctx.now });
  return answer.ok ? heldBy : null;
}

async function ring(desk: Desk): Promise<Delivery> {
  const record = desk.record();
  // A call that was cancelled meanwhile is never announced.
  if (record.phase !== 'ringing') return 'done';
  const { id, displayName, portrait } = record.caller;
  const order = { call: callOf(record), from: { id, displayName, portrait }, now: desk.ctx.now };
  const { devices } = must(await userHub(desk.ctx.env, record.callee.id).ring(order));
  return () => desk.happened({ type: 'rung', devices });
}

async function charge(desk: Desk, { order }: Extract<OutboxEffect, { kind: 'charge' }>, model: PricingModel | null): Promise<Delivery> {
  const { atSeconds, outage } = order;
  try {
    if (!model) throw new Error('this pricing model is not open');
    const answer = await model.charge(desk.ctx, order);
    if (answer.outcome === 'posted') return () => desk.happened({ type: 'charge.posted', atSeconds, items: answer.items });
    if (answer.outcome === 'refused') return () => desk.happened({ type: 'charge.refused', atSeconds, outage });
    return unknown(desk, atSeconds);
  } catch (thrown) {
    desk.ctx.log.warn('a charge found no answer', { callId: order.callId, atSeconds, cause: causeOf(thrown) });
    return unknown(desk, atSeconds);
  }
}

function unknown(desk: Desk, atSeconds: number): Delivery {
  desk.happened({ type: 'charge.unknown', atSeconds });
  return 'later';
}

/** A call that rang stands in the conversation of its two people, once for the call. */
async function card({ ctx, record, receipt }: Desk): Promise<void> {
  const { payer, ...people } = record();
  const { id: callId, media, kind, callerId, connectedMs, endReason } = callOf(record());
  // The member pays, whoever rang.
  const [memberId, companionId] = [people[payer].id, people[otherSide(payer)].id];
  const facts = { callId, media, kind, callerId, endReason: endReason ?? 'hangup', connectedMs, payerId: memberId };
  const pair = { memberId, companionId };
  await noteCall(ctx, pair, { ...facts, totals: receipt().totals });
}

/** One id for one missed call, made from the call's own, so that a repeat is recognised. */
async function missed(desk: Desk): Promise<Delivery> {
  const record = desk.record();
  const { id, displayName, portrait } = record.caller;
  const note = {
    id: record.id.replace(/^call_/, 'ntf_') as Id<'ntf'>,
    kind: 'call.missed' as const,
    body: { callId: record.id, from: { id, displayName, portrait }, media: record.media, at: toTimestamp(record.createdAt) },
    now: desk.ctx.now,
  };
  must(await userHub(desk.ctx.env, record.callee.id as UserId).notify(note));
  return 'done';
}

/** The value of an object's answer; a refusal is thrown, so that the errand is tried again. */
function must<T>(answer: { ok: true; value: T } | { ok: false; detail: string }): T {
  if (answer.ok) return answer.value;
  throw new Error(answer.detail);
}
