/** Talks of two people, and what each said of them. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import type { CallMedia } from '../../protocol/call/call.ts';
import type { Rating, rateCall, WrapUp, wrapUpCall } from '../../protocol/http/after-call.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type { Acquaintance } from '../../protocol/http/gallery.ts';
import type { CallId, UserId } from '../../protocol/ids.ts';
import type { Role } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { eventStatement } from '../event_log/service.ts';
import { mustBeFit } from './notes.ts';
import { CHANGE_MS, openUntil, talkedSince } from './rules.ts';
import {
  pairRows,
  type RatingRow,
  type TalkRow,
  talkRow,
  talksSince,
  upsertRating,
  upsertTalk,
  upsertWrapUp,
  type WrapUpRow,
} from './store.ts';

/** What `video` knows of a talk when it is over; times in ms since the epoch. */
export interface Talk {
  readonly callId: CallId;
  readonly memberId: UserId;
  readonly companionId: UserId;
  readonly at: number;
  readonly endedAt: number;
  readonly connectedMs: number;
  readonly media: CallMedia;
}

/** Takes in a talk. Repeated: what it came to in the end. */
export const noteTalk = (ctx: Context, talk: Talk): Promise<void> => upsertTalk(ctx.env.DB, talk);

const LAST_TALKS = 3;

/** What the viewer and the other have had with each other; null where they never talked, and for staff. */
export async function acquaintanceOf(ctx: Context, viewer: { userId: UserId; role: Role }, other: UserId): Promise<Acquaintance | null> {
  if (viewer.role !== 'member' && viewer.role !== 'companion') return null;
  const isCompanion = viewer.role === 'companion';
  const [companionId, memberId] = isCompanion ? [viewer.userId, other] : [other, viewer.userId];
  const { total, last, lastWrapUp } = await pairRows(ctx.env.DB, { companionId, memberId, limit: LAST_TALKS });
  if (total.since === null) return null;
  return {
    talks: total.talks,
    connectedMs: total.connectedMs,
    since: toTimestamp(total.since),
    lastTalks: last.map(({ callId, at, connectedMs, media }) => ({ callId: callId as CallId, at: toTimestamp(at), connectedMs, media })),
    lastWrapUp: isCompanion && lastWrapUp ? toWrapUp(lastWrapUp) : null,
  };
}

/** How long and how often a companion has talked since `from` (ms). */
export async function talkedOf(ctx: Context, companionId: UserId, from: number): Promise<{ calls: number; seconds: number }> {
  const talks = await talksSince(ctx.env.DB, companionId, from);
  return { calls: talks.length, seconds: Math.floor(talkedSince(talks, from) / 1000) };
}

/**
 * How it was, by the member of the talk. Again within a day: replaces it.
 * @throws Problem `not_found` for a call that was no talk of theirs, `too_late`
 */
export async function rate(ctx: Context, principal: Principal, id: CallId, said: BodyOf<typeof rateCall>): Promise<Rating> {
  const found = await ownTalk(ctx, principal, id, 'memberId');
  const row: RatingRow = {
    callId: id,
    stars: said.stars,
    reasons: [...new Set(said.reasons ?? [])],
    text: said.text || null,
    at: found.rating?.at ?? ctx.now,
  };
  if (!same(found.rating, row)) {
    mustBeOpen(ctx, found.talk, found.rating);
    await ctx.env.DB.batch([
      upsertRating(ctx.env.DB, row),
      eventStatement(ctx, {
        type: 'call.rated',
        subject: id,
        actor: principal.userId,
        payload: { stars: row.stars, reasons: row.reasons, companionId: found.talk.companionId },
      }),
    ]);
  }
  return toRating(row);
}

/**
 * What the companion keeps of the talk. Again within a day: replaces it.
 * @throws Problem as `rate`, `validation_failed` naming the field that has what is never kept
 */
export async function wrapUp(ctx: Context, principal: Principal, id: CallId, said: BodyOf<typeof wrapUpCall>): Promise<WrapUp> {
  const found = await ownTalk(ctx, principal, id, 'companionId');
  mustBeFit({ note: said.note, followUp: said.followUp });
  const row: WrapUpRow = {
    callId: id,
    note: said.note || null,
    followUp: said.followUp || null,
    flag: said.flag ?? null,
    at: found.wrapUp?.at ?? ctx.now,
  };
  if (!same(found.wrapUp, row)) {
    mustBeOpen(ctx, found.talk, found.wrapUp);
    await ctx.env.DB.batch([
      upsertWrapUp(ctx.env.DB, row),
      eventStatement(ctx, {
        type: 'call.wrapped_up',
        subject: id,
        actor: principal.userId,
        payload: { flag: row.flag, memberId: found.talk.memberId },
      }),
    ]);
  }
  return toWrapUp(row);
}

/** What this person said of a call, and whether they may say or change it now; nothing for a call that was no talk of theirs. */
export async function saidOf(
  ctx: Context,
  userId: UserId,
  id: CallId,
): Promise<{ rating: Rating | null; wrapUp: WrapUp | null; open: boolean }> {
  const found = await talkRow(ctx.env.DB, id);
  const isMember = found?.talk.memberId === userId;
  if (!found || !(isMember || found.talk.companionId === userId)) return { rating: null, wrapUp: null, open: false };
  const own = isMember ? found.rating : found.wrapUp;
  return {
    rating: isMember && found.rating ? toRating(found.rating) : null,
    wrapUp: !isMember && found.wrapUp ? toWrapUp(found.wrapUp) : null,
    open: ctx.now < openUntil(found.talk.endedAt, own?.at ?? null),
  };
}

async function ownTalk(ctx: Context, principal: Principal, id: CallId, as: 'memberId' | 'companionId') {
  const found = await talkRow(ctx.env.DB, id);
  if (found?.talk[as] === principal.userId) return found;
  throw new Problem('not_found', 'There is no talk of yours with this id.');
}

function mustBeOpen(ctx: Context, { endedAt }: TalkRow, said: { readonly at: number } | null): void {
  if (ctx.now >= openUntil(endedAt, said?.at ?? null)) throw new Problem('too_late', 'This can’t be said or changed any more.');
}

const same = (a: object | null, b: object): boolean =>
  a !== null && Object.entries(b).every(([key, value]) => JSON.stringify(Reflect.get(a, key)) === JSON.stringify(value));

const toRating = ({ callId, stars, reasons, text, at }: RatingRow): Rating => ({
  callId: callId as CallId,
  stars,
  reasons: [...reasons],
  text,
  at: toTimestamp(at),
  changeableUntil: toTimestamp(at + CHANGE_MS),
});

const toWrapUp = ({ callId, note, followUp, flag, at }: WrapUpRow): WrapUp => ({
  callId: callId as CallId,
  note,
  followUp,
  flag,
  at: toTimestamp(at),
  changeableUntil: toTimestamp(at + CHANGE_MS),
});
