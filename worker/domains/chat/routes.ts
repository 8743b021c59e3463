/** The HTTP side of conversations; their sockets are opened by `user/sockets.ts`, their desk by `desk-routes.ts`. */
import { type App, serve } from '../../platform/serve.ts';
import * as chats from '../../protocol/http/chats.ts';
import * as openings from '../../protocol/http/openings.ts';
import { changeChat, eventsOf, listChats, openChat, readChat, sendMessage, socketOf } from './conversations.ts';
import { askUpload, mediaFor, upload } from './media.ts';
import { addRule, changeRule, listRules } from './openings.ts';
import { dropMessage, keepMessage, listKept, searchChat, searchChats } from './search.ts';
import { bytesAnswer, glanceOf } from './showing.ts';

export function mountChat(app: App): void {
  serve(app, chats.openChat, async ({ ctx, principal, body }) => {
    const chat = await openChat(ctx, principal, body.peerId);
    return { chat, socket: socketOf(chat.id) };
  });
  serve(app, chats.listChats, ({ ctx, principal, query }) => listChats(ctx, principal, query));
  serve(app, chats.readChat, async ({ ctx, principal, params }) => ({
    chat: await readChat(ctx, principal, params.id),
    socket: socketOf(params.id),
  }));
  serve(app, chats.changeChat, async ({ ctx, principal, params, body }) => ({ chat: await changeChat(ctx, principal, params.id, body) }));
  serve(app, chats.readChatEvents, ({ ctx, principal, params, query }) => eventsOf(ctx, principal, params.id, query));
  serve(app, chats.sendMessage, ({ ctx, principal, params, body, idempotencyKey }) =>
    sendMessage(ctx, principal, params.id, { message: body, key: idempotencyKey }),
  );

  serve(app, chats.searchChat, ({ ctx, principal, params, query }) => searchChat(ctx, principal, params.id, query));
  serve(app, chats.searchChats, ({ ctx, principal, query }) => searchChats(ctx, principal, query));
  serve(app, chats.favouriteMessage, async ({ ctx, principal, params }) => {
    await keepMessage(ctx, principal, params.id, params.messageId);
    return null;
  });
  serve(app, chats.unfavouriteMessage, async ({ ctx, principal, params }) => {
    await dropMessage(ctx, principal, params.id, params.messageId);
    return null;
  });
  serve(app, chats.listFavouriteMessages, ({ ctx, principal, query }) => listKept(ctx, principal, query));

  serve(app, chats.askUpload, ({ ctx, principal, params, body }) => askUpload(ctx, principal, params.id, body));
  serve(app, chats.uploadChatMedia, async ({ ctx, params, http }) => {
    const length = http.req.header('Content-Length');
    const sent = {
      body: http.req.raw.body,
      type: http.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase(),
      length: length === undefined ? null : Number(length),
    };
    return { media: await upload(ctx, params.token, sent) };
  });
  serve(app, chats.readChatMedia, async ({ ctx, principal, params, http }) =>
    bytesAnswer(await mediaFor(ctx, principal, { chatId: params.id, mediaId: params.mediaId, ...glanceOf(http) })),
  );

  serve(app, openings.listOpeningRules, async ({ ctx }) => ({ items: await listRules(ctx), nextCursor: null }));
  serve(app, openings.addOpeningRule, async ({ ctx, principal, body }) => ({ rule: await addRule(ctx, principal.userId, body) }));
  serve(app, openings.changeOpeningRule, async ({ ctx, principal, params, body }) => ({
    rule: await changeRule(ctx, principal.userId, params.id, body),
  }));
}
