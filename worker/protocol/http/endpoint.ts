/**
 * One HTTP operation as data: the worker serves it, the web client calls it, the OpenAPI page prints it and the access
 * matrix walks it. There is no second list of routes anywhere.
 */
import type * as z from 'zod/mini';
import type { ErrorCode } from '../errors.ts';
import type { Permission } from '../permissions.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type Schema = z.ZodMiniType;

/**
 * Who may call it: anyone, anyone signed in, or those whose role holds a permission. Every access but `public` checks
 * the session in the database on each request.
 */
export type Access = 'public' | 'signed_in' | Permission;

export interface Endpoint<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Answer extends Schema = Schema,
> {
  /** Unique, a verb and what it acts on: `placeCall`. */
  readonly name: string;
  readonly method: Method;
  /** Below `/api/v1`, parameters as `:id`. */
  readonly path: `/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /**
   * Takes raw bytes of one of these types instead of JSON; `max` of them at most. With `unread` they are left to the
   * handler, which lets nothing large in before it knows by whom.
   */
  readonly bytes?: { readonly types: readonly string[]; readonly max: number; readonly unread?: true };
  /** Status of success → its body. Several where the caller must tell them apart (201 or 202). */
  readonly status: number;
  readonly answer: Answer;
  /** Answers raw bytes of one of these types instead of JSON. */
  readonly answersBytes?: readonly string[];
  /** Another status of success with a body of its own. */
  readonly also?: { readonly status: number; readonly answer: Schema };
  /** True where an `Idempotency-Key` header is required. */
  readonly idempotencyKey?: boolean;
  /** Errors beside the ones any route may give. */
  readonly errors?: readonly ErrorCode[];
  /** Exists only in the environment `local` and on a loopback host. */
  readonly localOnly?: boolean;
}

/** Declares an endpoint, keeping the exact types of its schemas. */
export const endpoint = <P extends Schema, Q extends Schema, B extends Schema, A extends Schema>(
  definition: Endpoint<P, Q, B, A>,
): Endpoint<P, Q, B, A> => definition;

export type ParamsOf<E> = E extends Endpoint<infer P, Schema, Schema, Schema> ? z.infer<P> : never;
export type QueryOf<E> = E extends Endpoint<Schema, infer Q, Schema, Schema> ? z.infer<Q> : never;
export type BodyOf<E> = E extends Endpoint<Schema, Schema, infer B, Schema> ? z.infer<B> : never;
export type AnswerOf<E> = E extends Endpoint<Schema, Schema, Schema, infer A> ? z.infer<A> : never;
