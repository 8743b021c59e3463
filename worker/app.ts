/** The Hono app: middleware in order, then one mount line per domain. */
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { mountAds } from './domains/ads/routes.ts';
import { mountBalance } from './domains/balance/routes.ts';
import { mountBilling } from './domains/billing/routes.ts';
import { mountBlocklist } from './domains/blocklist/routes.ts';
import { mountDesk } from './domains/chat/desk-routes.ts';
import { writesWith } from './domains/chat/desk-service.ts';
import { mountChat } from './domains/chat/routes.ts';
import { blockChanged } from './domains/chat/service.ts';
import { companionById } from './domains/companions/service.ts';
import { mountEarnings } from './domains/earnings/routes.ts';
import { earnedSince } from './domains/earnings/service.ts';
import { mountEventLog } from './domains/event_log/routes.ts';
import { mountFavorites } from './domains/favorites/routes.ts';
import { mountGallery } from './domains/gallery/routes.ts';
import { mountInteraction } from './domains/interaction/routes.ts';
import { talkedOf } from './domains/interaction/service.ts';
import { mountMissionControl } from './domains/mission_control/routes.ts';
import { mountModeration } from './domains/moderation/routes.ts';
import { mountPushDevices } from './domains/notification/device-routes.ts';
import { mountMail } from './domains/notification/mail-routes.ts';
import { mountNotification } from './domains/notification/routes.ts';
import { mountTemplates } from './domains/notification/template-routes.ts';
import { mountShopDesk } from './domains/payment/desk-routes.ts';
import { mountPaymentEvents } from './domains/payment/event-routes.ts';
import { mountPayment } from './domains/payment/routes.ts';
import { mountShop } from './domains/payment/shop-routes.ts';
import { mountPricing } from './domains/pricing/routes.ts';
import { mountProfile } from './domains/profile/routes.ts';
import { isTimeZone } from './domains/profile/rules.ts';
import { cardsOf, timeZonesOf } from './domains/profile/service.ts';
import { mountSettings } from './domains/settings/routes.ts';
import { setting } from './domains/settings/service.ts';
import { mountShifts } from './domains/shifts/routes.ts';
import { mountTimetable } from './domains/timetable/routes.ts';
import { hasTokenCookie, mustComeFromListedPage, readTokenCookie } from './domains/user/cookies.ts';
import { mountJwks, mountUser } from './domains/user/routes.ts';
import { authenticate, userById } from './domains/user/service.ts';
import { mountSockets } from './domains/user/sockets.ts';
import { mountVideo } from './domains/video/routes.ts';
import { jobs } from './jobs.ts';
import { contextOf } from './platform/context.ts';
import { mountDocuments } from './platform/documents/routes.ts';
import { complaints } from './platform/environment.ts';
import { Problem } from './platform/errors.ts';
import { mountHealth } from './platform/health.ts';
import { causeOf } from './platform/log.ts';
import { methodsOf } from './platform/methods.ts';
import { isListedOrigin } from './platform/origins.ts';
import { type App, type AppEnv, problemResponse } from './platform/serve.ts';
import { endpoints } from './protocol/http/index.ts';
import { stopMail } from './protocol/http/mail.ts';

export const API_BASE = '/api/v1';

/** Builds the app. Called once per isolate. */
export function createApp(): App {
  const root: App = new Hono<AppEnv>();
  root.use(begin, refuseWrongEnvironment, guardWrites, identify);
  root.onError((thrown, c) => {
    if (!(thrown instanceof Problem)) c.var.context?.log.error('request failed', { path: c.req.path, cause: causeOf(thrown) });
    return problemResponse(c, thrown);
  });

  const app = root.basePath(API_BASE);
  mountHealth(app);
  mountUser(app);
  mountSockets(app);
  mountEventLog(app);
  mountSettings(app);
  mountBalance(app);
  mountBilling(app);
  mountPricing(app);
  mountPayment(app);
  mountShop(app);
  mountShopDesk(app);
  mountProfile(app, { passesPhotos: async (ctx) => (await setting(ctx, 'media.autoPass')) ?? ctx.env.ENVIRONMENT === 'local' });
  mountShifts(app, {
    timeZoneOf: async (ctx, id) => (await timeZonesOf(ctx, [id])).get(id) ?? 'UTC',
    isTimeZone,
    talkedOf,
    earnedOf: earnedSince,
  });
  mountEarnings(app);
  mountBlocklist(app, { userById, cardsOf, blockChanged });
  mountFavorites(app, { companionById, cardsOf });
  mountGallery(app);
  mountInteraction(app, { writesWith });
  mountChat(app);
  mountDesk(app);
  mountVideo(app);
  mountPushDevices(app);
  mountNotification(app);
  mountModeration(app);
  mountAds(app);
  mountMail(app);
  // Behind the mail service's webhook, whose address would do for a source's.
  mountPaymentEvents(app);
  mountTemplates(app);
  mountMissionControl(app);
  mountTimetable(app, jobs);

  mountJwks(root);
  mountJwks(app);
  mountDocuments(root, endpoints, API_BASE);

  const methods = methodsOf(root);
  root.notFound((c) => {
    const allow = methods(c.req.path);
    if (allow.length === 0) return problemResponse(c, new Problem('not_found', 'There is nothing at this address.'));
    return problemResponse(c, new Problem('method_not_allowed', `This address takes ${allow.join(', ')}.`, { allow }));
  });
  return root;
}

/** One context, one moment and one id for the whole request; the manners every answer leaves with. */
const begin: MiddlewareHandler<AppEnv> = async (c, next) => {
  const requestId = c.req.header('cf-ray') ?? crypto.randomUUID();
  c.set('context', contextOf(c.env, { now: Date.now(), requestId, waitUntil: (work) => c.executionCtx.waitUntil(work) }));
  await next();
  // An accepted socket's answer can't be changed, and no page reads it.
  if (c.res.status === 101) return;
  c.header('X-Request-Id', requestId);
  for (const [name, value] of Object.entries(manners)) if (!c.res.headers.has(name)) c.header(name, value);
  if (c.env.ENVIRONMENT !== 'local') c.header('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
};

/** No `Access-Control-*` among them: web apps reach the API on their own origin, other pages don't. */
const manners = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const refuseWrongEnvironment: MiddlewareHandler<AppEnv> = async (c, next) => {
  const wrong = complaints(c.env);
  if (wrong.length > 0) {
    c.var.context.log.error('the environment is not set up', { complaints: wrong.join(' ') });
    throw new Problem('internal', `The server is not set up. ${wrong.join(' ')}`);
  }
  await next();
};

/** A page that is not ours changes nothing here, and a request that brings cookies must come from one of ours. */
const guardWrites: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!READS.has(c.req.method) && c.req.path !== STOPS_MAIL) {
    const origin = c.req.header('Origin');
    if (origin !== undefined && !isListedOrigin(c.env, origin)) throw new Problem('forbidden', 'This page may not write here.');
    if (bearerOf(c) === null && hasTokenCookie(c)) mustComeFromListedPage(c);
  }
  await next();
};
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Done by whoever has the link, from a mail program or the page behind it: who is signed in counts for nothing there. */
const STOPS_MAIL = `${API_BASE}${stopMail.path}`;

/** Sets who asks, if their token and its session hold. A token in the header wins over cookies. */
const identify: MiddlewareHandler<AppEnv> = async (c, next) => {
  const token = bearerOf(c) ?? readTokenCookie(c, 'access')?.token ?? null;
  c.set('principal', token === null ? undefined : ((await authenticate(c.var.context, token)) ?? undefined));
  await next();
};

const bearerOf = (c: Context<AppEnv>): string | null => /^Bearer\s+(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1] ?? null;
