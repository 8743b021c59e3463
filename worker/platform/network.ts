/** Where a request comes from, as far as the platform tells. */
import type { Context as HonoContext } from 'hono';
import type { AppEnv } from './serve.ts';

/** The address as Cloudflare says it. Null where there is none to tell people apart by: a loopback address is everybody's. */
export function ipOf(http: HonoContext<AppEnv>): string | null {
  const ip = http.req.header('CF-Connecting-IP') ?? null;
  return ip === '127.0.0.1' || ip === '::1' ? null : ip;
}
