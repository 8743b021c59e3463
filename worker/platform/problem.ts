/** The one way an error leaves over HTTP: `application/problem+json` (RFC 9457). */
import { type ErrorCode, errorCodes, type FieldError } from '../protocol/errors.ts';

export interface ProblemMore {
  readonly fields?: readonly FieldError[] | undefined;
  /** Seconds, sent as `Retry-After`. */
  readonly retryAfter?: number | undefined;
  /** Methods, sent as `Allow`. */
  readonly allow?: readonly string[] | undefined;
}

/** An error answer; objects use it for refused upgrades, everything else throws a `Problem` (`errors.ts`). */
export function problemAnswer(code: ErrorCode, detail: string, requestId: string, more: ProblemMore = {}): Response {
  const { status, title } = errorCodes[code];
  const headers = new Headers({ 'Content-Type': 'application/problem+json' });
  if (more.retryAfter !== undefined) headers.set('Retry-After', String(more.retryAfter));
  if (more.allow) headers.set('Allow', more.allow.join(', '));
  const type = `https://hearthline.example/problems/${code}`;
  return new Response(JSON.stringify({ type, title, status, detail, code, requestId, ...(more.fields ? { fields: more.fields } : {}) }), {
    status,
    headers,
  });
}
