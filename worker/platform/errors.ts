/** The one exception that routes and services throw on purpose; `serve.ts` turns it into problem+json. */
import type { ErrorCode, FieldError } from '../protocol/errors.ts';
import type { ProblemMore } from './problem.ts';
import type { Result } from './result.ts';

export class Problem extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[] | undefined;
  /** Seconds, sent as `Retry-After`. */
  readonly retryAfter: number | undefined;
  /** Methods, sent as `Allow`. */
  readonly allow: readonly string[] | undefined;

  /** @param detail what happened and what to do, for the person who called; never a cause that is ours to know */
  constructor(code: ErrorCode, detail: string, more: ProblemMore & { cause?: unknown } = {}) {
    super(detail, { cause: more.cause });
    this.name = 'Problem';
    this.code = code;
    this.fields = more.fields;
    this.retryAfter = more.retryAfter;
    this.allow = more.allow;
  }
}

/** The value of an object's answer, or its refusal as a `Problem`. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Problem(result.code, result.detail);
}
