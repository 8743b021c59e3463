import { type App, serve } from '../../platform/serve.ts';
import * as wire from '../../protocol/http/notifications.ts';
import { languageIn } from '../user/rules.ts';
import { announce, announcements } from './announcing.ts';
import { changeSettings, readSettings } from './choices.ts';
import { deadLetters, replay } from './dead-letters.ts';
import { deliveries } from './deliveries.ts';
import { markRead, readInbox } from './inbox.ts';

export function mountNotification(app: App): void {
  serve(app, wire.listNotifications, ({ ctx, principal, query, http }) =>
    readInbox(ctx, principal, query, languageIn(http.req.header('Accept-Language'))),
  );
  serve(app, wire.readNotifications, ({ ctx, principal, body }) => markRead(ctx, principal, body));
  serve(app, wire.readNotificationSettings, ({ ctx, principal }) => readSettings(ctx, principal));
  serve(app, wire.changeNotificationSettings, ({ ctx, principal, body }) => changeSettings(ctx, principal, body));

  serve(app, wire.listDeliveries, ({ ctx, query }) => deliveries(ctx, query));
  serve(app, wire.listDeadLetters, ({ ctx, query }) => deadLetters(ctx, query));
  serve(app, wire.replayDeadLetter, async ({ ctx, principal, params }) => ({ deadLetter: await replay(ctx, params.id, principal.userId) }));
  serve(app, wire.makeAnnouncement, async ({ ctx, principal, body, idempotencyKey }) => ({
    announcement: await announce(ctx, { body, key: idempotencyKey, actor: principal.userId }),
  }));
  serve(app, wire.listAnnouncements, ({ ctx, query }) => announcements(ctx, query));
}
