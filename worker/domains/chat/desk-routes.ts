import { type App, serve } from '../../platform/serve.ts';
import * as desk from '../../protocol/http/desk.ts';
import { colleagues, deskConversation, deskOf, take, transfer } from './desk-service.ts';
import { dropReply, keepReply, repliesFor, rewriteReply } from './replies.ts';

export function mountDesk(app: App): void {
  serve(app, desk.readDesk, ({ ctx, principal, query }) => deskOf(ctx, principal, query));
  serve(app, desk.readDeskConversation, ({ ctx, principal, params }) => deskConversation(ctx, principal, params.id));
  serve(app, desk.takeConversation, async ({ ctx, principal, params }) => ({ item: await take(ctx, principal, params.id) }));
  serve(app, desk.transferConversation, async ({ ctx, principal, params, body }) => ({
    item: await transfer(ctx, principal, { chatId: params.id, ...body }),
  }));
  serve(app, desk.listColleagues, ({ ctx, principal, params }) => colleagues(ctx, principal, params.id));

  serve(app, desk.listReplies, async ({ ctx, principal }) => ({ items: await repliesFor(ctx, principal) }));
  serve(app, desk.addReply, async ({ ctx, principal, body }) => ({ reply: await keepReply(ctx, principal, body) }));
  serve(app, desk.changeReply, async ({ ctx, principal, params, body }) => ({
    reply: await rewriteReply(ctx, principal, params.id, body),
  }));
  serve(app, desk.removeReply, async ({ ctx, principal, params }) => {
    await dropReply(ctx, principal, params.id);
    return null;
  });
}
