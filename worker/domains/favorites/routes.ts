/** Names, and who is a companion, belong to domains of the same tier, which this one may not import; `app.ts` hands them in. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { type App, serve } from '../../platform/serve.ts';
import * as favorites from '../../protocol/http/favorites.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { PersonCard } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { drop, keep, listFavorites } from './service.ts';

export interface Town {
  companionById(ctx: Context, id: UserId): Promise<object | null>;
  cardsOf(ctx: Context, ids: readonly UserId[]): Promise<Map<UserId, PersonCard>>;
}

export function mountFavorites(app: App, town: Town): void {
  const toWire = async (ctx: Context, kept: readonly { id: UserId; at: number }[]) => {
    const cards = await town.cardsOf(
      ctx,
      kept.map(({ id }) => id),
    );
    return kept.map(({ id, at }) => ({ person: cards.get(id) ?? { id, displayName: '', portrait: null }, at: toTimestamp(at) }));
  };

  serve(app, favorites.keepFavorite, async ({ ctx, principal, params }) => {
    if (!(await town.companionById(ctx, params.userId))) throw new Problem('not_found', 'There is no companion with this id.');
    const { at } = await keep(ctx, { userId: principal.userId, favoriteId: params.userId });
    const [favorite] = await toWire(ctx, [{ id: params.userId, at }]);
    if (!favorite) throw new Error('a favourite that was just made is not there');
    return { favorite };
  });
  serve(app, favorites.dropFavorite, async ({ ctx, principal, params }) => {
    await drop(ctx, { userId: principal.userId, favoriteId: params.userId });
    return null;
  });
  serve(app, favorites.listFavorites, async ({ ctx, principal, query }) => {
    const { items, nextCursor } = await listFavorites(ctx, principal.userId, query);
    return { items: await toWire(ctx, items), nextCursor };
  });
}
