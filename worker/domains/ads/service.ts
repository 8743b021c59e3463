/** Links that wait for a sign-up, and the campaigns people came by. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import type { Campaign } from '../../protocol/campaign.ts';
import { isEmptyCampaign } from '../../protocol/campaign.ts';
import type { Touch } from '../../protocol/http/links.ts';
import type { UserId } from '../../protocol/ids.ts';
import { formatLink, parseLink } from '../../protocol/links.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { networkHash, userById } from '../user/service.ts';
import { type CleanTouch, CODE_LENGTH, cleanTouch, codeOf, DEFERRED_TTL_MS, MOST_DEFERRED_AN_HOUR, normalCode, placesOf } from './rules.ts';
import { claimDeferred, deleteTouches, insertDeferred, type TouchRow, touchRows, touchStatement } from './store.ts';

const HOUR = 3_600_000;

/**
 * Keeps a link for a day under a short code.
 * @param ip of who asks; null where nothing tells places apart
 * @throws Problem `validation_failed` for what is no link, `rate_limited`
 */
export async function deferLink(ctx: Context, link: string, ip: string | null): Promise<{ code: string; expiresAt: number }> {
  const { target, campaign } = parseLink(link);
  if (!target)
    throw new Problem('validation_failed', 'This is no link into Hearthline.', {
      fields: [{ path: 'link', message: 'must be a path below /go/' }],
    });
  const expiresAt = ctx.now + DEFERRED_TTL_MS;
  const row = {
    link: formatLink(target),
    campaign: JSON.stringify(campaign),
    networkHash: ip === null ? null : await networkHash(ctx, ip),
    createdAt: ctx.now,
    expiresAt,
  };
  for (;;) {
    const code = newCode();
    try {
      if (await insertDeferred(ctx.env.DB, { ...row, code }, { most: MOST_DEFERRED_AN_HOUR, since: ctx.now - HOUR }))
        return { code, expiresAt };
    } catch (thrown) {
      // Somebody has this code today.
      if (refusedWith(thrown, 'UNIQUE constraint failed')) continue;
      throw thrown;
    }
    throw new Problem('rate_limited', 'Too many links from this network. Please try again in an hour.', { retryAfter: HOUR / 1000 });
  }
}

function newCode(): string {
  for (;;) {
    const code = codeOf(crypto.getRandomValues(new Uint8Array(CODE_LENGTH * 2)));
    if (code) return code;
  }
}

/**
 * Gives a kept link to the caller, once, and keeps the campaign it carried.
 * @throws Problem `not_found` for a code that was never given, is over, or is somebody else's by now
 */
export async function claimLink(ctx: Context, userId: UserId, typed: string): Promise<{ link: string }> {
  const row = await claimDeferred(ctx.env.DB, { code: normalCode(typed), userId, now: ctx.now });
  if (!row) throw new Problem('not_found', 'This code leads nowhere. It holds for a day, and once.');
  const { target } = parseLink(row.link);
  const campaign = JSON.parse(row.campaign) as Campaign;
  if (!isEmptyCampaign(campaign))
    await keepTouches(ctx, userId, [{ campaign, at: toTimestamp(row.createdAt), landing: target?.kind ?? null, referrer: null }]);
  return { link: row.link };
}

/** Keeps what is clean of the touches; the earliest is the first and the latest the last, whatever was told before. */
export async function keepTouches(ctx: Context, userId: UserId, told: readonly Touch[]): Promise<void> {
  const touches = told.map((touch) => cleanTouch(touch, ctx.now)).filter((touch) => touch !== null);
  const user = touches.length > 0 ? await userById(ctx, userId) : null;
  if (!user) return;
  const rows = touches.flatMap((touch) => placesOf(touch, user).map((place) => toRow(userId, place, touch)));
  await ctx.env.DB.batch(rows.map((row) => touchStatement(ctx.env.DB, row)));
}

const toRow = (userId: UserId, place: TouchRow['place'], { campaign, at, landing, referrer }: CleanTouch): TouchRow => ({
  userId,
  place,
  at,
  campaign: JSON.stringify(campaign),
  landing,
  referrer,
});

/** What first brought this person, and what last did. */
export async function touchesOf(ctx: Context, userId: UserId): Promise<{ first: Touch | null; last: Touch | null }> {
  const rows = await touchRows(ctx.env.DB, userId);
  const of = (place: TouchRow['place']): Touch | null => {
    const row = rows.find((each) => each.place === place);
    return row
      ? {
          campaign: JSON.parse(row.campaign) as Touch['campaign'],
          at: toTimestamp(row.at),
          landing: row.landing as Touch['landing'],
          referrer: row.referrer,
        }
      : null;
  };
  return { first: of('first'), last: of('last') };
}

/** Nothing of how this person came is left. */
export const forgetTouches = (ctx: Context, userId: UserId): Promise<void> => deleteTouches(ctx.env.DB, userId);
