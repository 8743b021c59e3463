/** Who is a companion, and by what they take calls. Only approved ones are ever answered. */
import type { Context } from '../../platform/context.ts';
import type { CallMedia } from '../../protocol/call/call.ts';
import type { UserId } from '../../protocol/ids.ts';
import { type CompanionRow, rows, rowsByIds, upsert } from './store.ts';

export interface Companion {
  readonly userId: UserId;
  /** What they take calls by. */
  readonly media: readonly CallMedia[];
  /** Price tier, by name. */
  readonly tier: string;
}

/** An approved companion, or null. */
export async function companionById(ctx: Context, id: UserId): Promise<Companion | null> {
  return (await companionsByIds(ctx, [id])).get(id) ?? null;
}

/** The approved companions among `ids`. */
export async function companionsByIds(ctx: Context, ids: readonly UserId[]): Promise<Map<UserId, Companion>> {
  const found = ids.length === 0 ? [] : await rowsByIds(ctx.env.DB, ids);
  return new Map(found.map((row) => [row.userId as UserId, toCompanion(row)]));
}

/** Every approved companion who takes calls by `media` and is of `tier`, where those are given. */
export async function listCompanions(
  ctx: Context,
  filter: { media?: CallMedia | undefined; tier?: string | undefined } = {},
): Promise<Companion[]> {
  return (await rows(ctx.env.DB, filter)).map(toCompanion);
}

/** Makes somebody a companion, or changes what they take; `approved: false` hides them until they are. */
export async function enrol(ctx: Context, { approved, ...facts }: Companion & { approved: boolean }): Promise<void> {
  const { userId, media, tier } = facts;
  await upsert(ctx.env.DB, { userId, media: [...media], tier, approvedAt: approved ? ctx.now : null, createdAt: ctx.now });
}

const toCompanion = ({ userId, media, tier }: CompanionRow): Companion => ({ userId: userId as UserId, media, tier });
