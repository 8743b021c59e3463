/** Placing a call and going on with one (calls.md, "Order of a beginning"). */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import { type CallPerson, callSession, type PlaceOrder, type Standing, userHub } from '../../platform/stubs.ts';
import type { Call, CallMedia, CallParty, Quote } from '../../protocol/call/call.ts';
import type { CallId, UserId } from '../../protocol/ids.ts';
import { tariffFor } from '../billing/service.ts';
import { blockedBetween } from '../blocklist/service.ts';
import { companionById } from '../companions/service.ts';
import type { MeansOrder, PricingModel } from '../pricing/port.ts';
import { canStart, paceOf, pricingFor, quoteOf } from '../pricing/service.ts';
import { cardsOf } from '../profile/service.ts';
import { callSettings } from '../settings/service.ts';
import { onShift } from '../shifts/service.ts';
import { issueTicket, type User, usersByIds } from '../user/service.ts';
import { mustCarryMedia } from './media.ts';
import { directionOf, limitsOf, payerOf, resumeQuote, takes } from './rules.ts';
import { callRow, insertCall } from './store.ts';

export interface Placed {
  readonly call: Call;
  readonly quote: Quote;
  readonly socket: { readonly url: string; readonly ticket: string };
}

interface Wish {
  readonly calleeId: UserId;
  readonly media: CallMedia;
  readonly resumes: CallId | null;
}

/**
 * Rings somebody. The same key and body: the same call, with a fresh ticket, even after it has ended.
 * @throws Problem `blocked`, `callee_unavailable`, `pricing_model_unavailable`, `insufficient_funds`, `callee_busy`,
 *   `caller_busy`, `idempotency_conflict`
 */
export const placeCall = (ctx: Context, principal: Principal, wish: { calleeId: UserId; media: CallMedia }, key: string): Promise<Placed> =>
  placeOnce(ctx, principal, key, `place ${wish.calleeId} ${wish.media}`, (callId) =>
    begin(ctx, principal, { ...wish, resumes: null }, callId),
  );

/**
 * Goes on with a call that ran out of balance: a new call to the same companion, at the same tariff, from where it stood.
 * @throws Problem as `placeCall`, and `call_ended` where it can't be resumed (any more), `not_found` for a foreign call
 */
export const resumeCall = (ctx: Context, principal: Principal, id: CallId, key: string): Promise<Placed> =>
  placeOnce(ctx, principal, key, `resume ${id}`, async (callId) => {
    const row = await callRow(ctx.env.DB, id);
    if (!row || ![row.callerId, row.calleeId].includes(principal.userId)) throw new Problem('not_found', 'There is no such call.');
    if (row.payerId !== principal.userId) throw new Problem('forbidden', 'Only the one who pays can go on with this call.');
    const standing = unwrap(await callSession(ctx.env, id).standing({ now: ctx.now }));
    const calleeId = (row.callerId === principal.userId ? row.calleeId : row.callerId) as UserId;
    await begin(ctx, principal, { calleeId, media: standing.media, resumes: id }, callId, standing);
  });

/** (caller, key) → call id in the caller's hub; `first` runs until an object holds that call. */
async function placeOnce(
  ctx: Context,
  principal: Principal,
  key: string,
  bodyHash: string,
  first: (callId: CallId) => Promise<void>,
): Promise<Placed> {
  const order = { key, bodyHash, callId: newId('call'), now: ctx.now };
  const { callId, first: isFirst } = unwrap(await userHub(ctx.env, principal.userId).callIdFor(order));
  const known = isFirst ? null : await callSession(ctx.env, callId).placed();
  if (known === null || (!known.ok && known.code === 'not_found')) await first(callId);
  const { call, quote } = unwrap(await callSession(ctx.env, callId).placed());
  return { call, quote, socket: await socketFor(ctx, principal, call.id) };
}

/** Where the call's socket is, with a ticket that opens it once. */
export async function socketFor(ctx: Context, principal: Principal, id: CallId): Promise<Placed['socket']> {
  const { ticket } = await issueTicket(ctx, principal, `call:${id}`);
  return { url: `/api/v1/calls/${id}/socket`, ticket };
}

async function begin(ctx: Context, principal: Principal, wish: Wish, callId: CallId, carried: Standing | null = null): Promise<void> {
  mustCarryMedia(ctx);
  const { caller, callee, payer } = await peopleOf(ctx, principal.userId, wish);
  const payerUser = payer === 'caller' ? caller.user : callee.user;
  const model = pricingFor(payerUser.monetizationVersion);
  if (!model) throw new Problem('pricing_model_unavailable', 'Calls under this plan are not open yet.');
  const payeeId = (payer === 'caller' ? callee : caller).user.id;
  const asked = { payer: { userId: payerUser.id, shard: payerUser.ledgerShard }, payeeId, media: wish.media };
  const { tariff, quote, means } = carried ? await goOn(ctx, model, asked, carried) : await startAnew(ctx, model, asked, payer);
  const order: PlaceOrder = {
    callId,
    caller: caller.person,
    callee: callee.person,
    payer,
    media: wish.media,
    kind: 'direct',
    now: ctx.now,
    sessionId: principal.sessionId,
    resumes: wish.resumes,
    carried,
    tariff,
    quote,
    payerVersion: model.version,
    means: { seconds: means.seconds, amount: means.amount, until: means.until },
    limits: limitsOf(await callSettings(ctx)),
  };
  await writeRow(ctx, order, payerUser.id);
  unwrap(await callSession(ctx.env, callId).place(order));
}

async function startAnew(ctx: Context, model: PricingModel, asked: MeansOrder, payer: CallParty) {
  const tariff = await tariffFor(ctx, {
    kind: 'direct',
    media: asked.media,
    payerRole: 'member',
    payeeRole: 'companion',
    direction: directionOf(payer),
  });
  if (!tariff) throw new Problem('callee_unavailable', 'Calls of this kind are not offered at the moment.');
  const means = await model.means(ctx, { ...asked, pace: paceOf(tariff) });
  if (!canStart(tariff, means)) throw tooPoor(payer);
  return { tariff, quote: quoteOf(tariff, means), means };
}

async function goOn(ctx: Context, model: PricingModel, asked: MeansOrder, carried: Standing) {
  const pace = paceOf(carried.tariff, carried.positions.payer, carried.connectedMs);
  const means = await model.means(ctx, { ...asked, pace });
  const quote = resumeQuote(carried, means);
  if (quote.firstAmount > 0 && !canStart(carried.tariff, means, carried.positions.payer)) throw tooPoor('caller');
  return { tariff: carried.tariff, quote, means };
}

const tooPoor = (payer: CallParty): Problem =>
  payer === 'caller'
    ? new Problem('insufficient_funds', 'The balance does not cover the beginning of this call. Top up and try again.')
    : new Problem('insufficient_funds', 'They can’t pay for a call at the moment.');

interface Person {
  readonly user: User;
  readonly person: CallPerson;
}

/** Both people, if they may talk: one member and one companion, no block, the companion at work and taking this medium. */
async function peopleOf(ctx: Context, callerId: UserId, wish: Wish): Promise<{ caller: Person; callee: Person; payer: CallParty }> {
  const ids = [callerId, wish.calleeId];
  const [users, cards, blocked] = await Promise.all([
    usersByIds(ctx, ids),
    cardsOf(ctx, ids),
    blockedBetween(ctx, callerId, wish.calleeId),
  ]);
  const caller = users.get(callerId);
  const callee = users.get(wish.calleeId);
  if (!caller || !callee) throw new Problem('not_found', 'There is no such person.');
  if (blocked) throw new Problem('blocked', 'One of you has blocked the other.');
  const payer = payerOf(caller.role, callee.role);
  if (!payer) throw new Problem('callee_unavailable', 'They don’t take calls from you.');
  const companionId = payer === 'caller' ? callee.id : caller.id;
  const [companion, working] = await Promise.all([companionById(ctx, companionId), onShift(ctx, [companionId])]);
  if (!takes(companion, working.has(companionId), wish.media)) {
    throw new Problem(
      'callee_unavailable',
      companionId === callee.id ? 'They don’t take such calls now.' : 'Begin your shift before you call.',
    );
  }
  const person = (user: User): Person => ({
    user,
    person: { ...(cards.get(user.id) ?? { id: user.id, displayName: '', portrait: null }), role: user.role, ledgerShard: user.ledgerShard },
  });
  return { caller: person(caller), callee: person(callee), payer };
}

async function writeRow(ctx: Context, order: PlaceOrder, payerId: UserId): Promise<void> {
  let fresh: boolean;
  try {
    fresh = await insertCall(ctx.env.DB, {
      id: order.callId,
      callerId: order.caller.id,
      calleeId: order.callee.id,
      payerId,
      media: order.media,
      kind: order.kind,
      tariffId: order.tariff.id,
      resumes: order.resumes,
      resumesClaim: order.resumes,
      state: 'placing',
      createdAt: order.now,
    });
  } catch (thrown) {
    if (refusedWith(thrown, 'call.resumes_claim')) throw new Problem('call_ended', 'This call is being resumed already.');
    throw thrown;
  }
  // A beginning that broke off for so long that the sweeper closed its row: nobody would look after the call any more.
  if (!fresh && (await callRow(ctx.env.DB, order.callId))?.settledAt != null)
    throw new Problem('callee_unavailable', 'This call could not be set up in time. Please ring again.');
}
