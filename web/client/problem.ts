/** What a request can come back with instead of its answer. */
import type { ErrorCode, FieldError, Problem } from '../../worker/protocol/errors.ts';

/** The server said no, in the words of the contract. */
export class ApiProblem extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly fields: readonly FieldError[];
  readonly requestId: string;
  /** Seconds to wait before trying again, where the server named them. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null) {
    super(problem.detail);
    this.name = 'ApiProblem';
    this.code = problem.code;
    this.status = problem.status;
    this.fields = problem.fields ?? [];
    this.requestId = problem.requestId;
    this.retryAfter = retryAfter;
  }
}

/** No answer came, or one that is not of the contract (a proxy's page, a cut connection). Nothing is known to have happened. */
export class NoAnswer extends Error {
  readonly status: number | null;
  constructor(reason: string, status: number | null) {
    super(reason);
    this.name = 'NoAnswer';
    this.status = status;
  }
}

/**
 * Whether an error's body is what the contract says. Looked at by hand, as far as it is used: pages begin without the
 * schemas. A code of a newer server is let through, and told in the general words.
 */
export function isProblemBody(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { status, detail, code, requestId, fields } = body as Partial<Record<keyof Problem, unknown>>;
  return (
    typeof status === 'number' &&
    [detail, code, requestId].every((text) => typeof text === 'string') &&
    (fields === undefined || (Array.isArray(fields) && fields.every(isFieldError)))
  );
}

const isFieldError = (field: unknown): boolean =>
  typeof field === 'object' &&
  field !== null &&
  'path' in field &&
  typeof field.path === 'string' &&
  'message' in field &&
  typeof field.message === 'string';

export const isProblem = (thrown: unknown, ...codes: ErrorCode[]): thrown is ApiProblem =>
  thrown instanceof ApiProblem && (codes.length === 0 || codes.includes(thrown.code));
