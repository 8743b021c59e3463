/**
 * Answers of Durable Object RPC. An exception thrown across RPC is reported as unhandled even where it is caught, so
 * objects return a refusal instead of throwing one.
 */
import type { ErrorCode } from '../protocol/errors.ts';

export interface Refusal {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly detail: string;
}
export type Result<T> = { readonly ok: true; readonly value: T } | Refusal;

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const refuse = (code: ErrorCode, detail: string): Refusal => ({ ok: false, code, detail });
