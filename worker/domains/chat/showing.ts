/** The bytes of a medium over HTTP. */
import type { Context as HonoContext } from 'hono';
import type { AppEnv } from '../../platform/serve.ts';
import type { Glance, Shown } from './media.ts';

/** What a request has already, and which part it asks for. */
export const glanceOf = (http: HonoContext<AppEnv>): Glance => ({
  known: /^"([0-9a-f]{64})"$/.exec(http.req.header('If-None-Match') ?? '')?.[1] ?? null,
  range: http.req.header('Range'),
});

/** Shown where it can be looked at or listened to, saved where it is a file; never taken for a page. */
export function bytesAnswer({ row, size, part, body }: Shown): Response {
  const headers = {
    ETag: `"${row.hash}"`,
    // Asked for anew each time: what was deleted or refused meanwhile is gone.
    'Cache-Control': 'private, no-cache',
    Vary: 'Cookie, Authorization',
    'Accept-Ranges': 'bytes',
  };
  if (body === null) return new Response(null, { status: 304, headers });
  const type = row.type === 'text/plain' ? 'text/plain; charset=utf-8' : row.type;
  const disposition = row.kind === 'file' ? `attachment; filename="${row.id}.${row.type === 'text/plain' ? 'txt' : 'pdf'}"` : 'inline';
  return new Response(body, {
    status: part ? 206 : 200,
    headers: {
      ...headers,
      'Content-Type': type,
      'Content-Disposition': disposition,
      'Content-Length': String(part?.length ?? size),
      ...(part ? { 'Content-Range': `bytes ${part.from}-${part.from + part.length - 1}/${size}` } : {}),
    },
  });
}
