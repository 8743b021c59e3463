import { type App, serve } from '../../platform/serve.ts';
import * as admin from '../../protocol/http/admin.ts';
import { changeSetting, listSettings } from './service.ts';

export function mountSettings(app: App): void {
  serve(app, admin.listSettings, async ({ ctx }) => ({ items: await listSettings(ctx), nextCursor: null }));
  serve(app, admin.changeSetting, async ({ ctx, params, body, principal }) => ({
    setting: await changeSetting(ctx, {
      key: params.key,
      value: body.value,
      seenChangedAt: body.seenChangedAt,
      actor: principal.userId,
    }),
  }));
}
