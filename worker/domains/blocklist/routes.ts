/**
 * Names and existence of people belong to domains of the same tier, conversations to a higher one: this one may import
 * neither; `app.ts` hands them in.
 */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { type App, serve } from '../../platform/serve.ts';
import * as me from '../../protocol/http/me.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { PersonCard } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { type Block, block, listBlocks, unblock } from './service.ts';

export interface People {
  userById(ctx: Context, id: UserId): Promise<object | null>;
  cardsOf(ctx: Context, ids: readonly UserId[]): Promise<Map<UserId, PersonCard>>;
  /** A block between the two was made or lifted. Must not throw: the block stands. */
  blockChanged(ctx: Context, a: UserId, b: UserId): Promise<void>;
}

export function mountBlocklist(app: App, people: People): void {
  const toWire = async (ctx: Context, blocks: readonly Block[]) => {
    const cards = await people.cardsOf(
      ctx,
      blocks.map(({ blockedId }) => blockedId),
    );
    return blocks.map(({ blockedId, reason, at }) => ({
      userId: blockedId,
      displayName: cards.get(blockedId)?.displayName ?? '',
      reason,
      at: toTimestamp(at),
    }));
  };

  serve(app, me.listBlocks, async ({ ctx, principal, query }) => {
    const { items, nextCursor } = await listBlocks(ctx, principal.userId, query);
    return { items: await toWire(ctx, items), nextCursor };
  });

  serve(app, me.blockPerson, async ({ ctx, principal, params, body }) => {
    if (!(await people.userById(ctx, params.userId))) throw new Problem('not_found', 'There is nobody with this id.');
    const order = { blockerId: principal.userId, blockedId: params.userId, reason: body.reason, text: body.text ?? null };
    const standing = await block(ctx, order).finally(() => people.blockChanged(ctx, principal.userId, params.userId));
    const [made] = await toWire(ctx, [standing]);
    if (!made) throw new Error('a block that was just made is not there');
    return { block: made };
  });

  serve(app, me.unblockPerson, async ({ ctx, principal, params }) => {
    await unblock(ctx, { blockerId: principal.userId, blockedId: params.userId });
    await people.blockChanged(ctx, principal.userId, params.userId);
    return null;
  });
}
