import { Problem } from '../../platform/errors.ts';
import { type App, readAtMost, serve } from '../../platform/serve.ts';
import * as mail from '../../protocol/http/mail.ts';
import * as staff from '../../protocol/http/staff-mail.ts';
import { languageIn } from '../user/rules.ts';
import { SIGNATURE_HEADER, TIMESTAMP_HEADER, takeMailEvents } from './mail-events.ts';
import { liftBounce, mailOf } from './mail-holds.ts';
import { readStop } from './mail-keys.ts';
import { stopPage } from './stop-page.ts';
import { isStopped, setStopped } from './suppressions.ts';

export function mountMail(app: App): void {
  serve(app, staff.readMailOf, async ({ ctx, params }) => ({ mail: await mailOf(ctx, params.id) }));
  serve(app, staff.liftBounce, async ({ ctx, principal, params, body }) => ({
    mail: await liftBounce(ctx, { userId: params.id, reason: body.reason, actor: principal.userId }),
  }));

  serve(app, mail.receiveMailEvents, async ({ ctx, http }) => {
    const body = await readAtMost(http.req.raw.body, mail.receiveMailEvents.bytes?.max ?? 0);
    await takeMailEvents(ctx, { signature: http.req.header(SIGNATURE_HEADER), timestamp: http.req.header(TIMESTAMP_HEADER), body });
    return null;
  });

  serve(app, mail.readMailStop, async ({ ctx, query, http }) => {
    const leave = await readStop(ctx.env, query.leave);
    if (!leave) return stopPage('broken', { group: 'news', language: languageIn(http.req.header('Accept-Language')) ?? 'en' });
    return stopPage((await isStopped(ctx, leave)) ? 'stopped' : 'asks', leave);
  });

  serve(app, mail.stopMail, async ({ ctx, query, http, bytes }) => {
    const leave = await readStop(ctx.env, query.leave);
    if (!leave) return stopPage('broken', { group: 'news', language: languageIn(http.req.header('Accept-Language')) ?? 'en' });
    const form = await formIn(bytes, http.req.header('Content-Type') ?? '');
    const again = form.get('again') === 'yes';
    if (!again && form.get('List-Unsubscribe') !== 'One-Click')
      throw new Problem('validation_failed', 'Say what to do.', { fields: [{ path: 'List-Unsubscribe', message: 'must be One-Click' }] });
    await setStopped(ctx, { ...leave, stopped: !again, source: 'reader' });
    return stopPage(again ? 'sends' : 'stopped', leave);
  });
}

/** Both ways that mail programs may send a form; an empty one where it can't be read. */
const formIn = (bytes: Uint8Array, type: string): Promise<FormData> =>
  new Response(bytes as BodyInit, { headers: { 'Content-Type': type } }).formData().catch(() => new FormData());
