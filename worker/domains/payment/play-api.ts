/** The Play Developer API, asked with the bearer of our service account. Locally at the sandbox. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { causeOf } from '../../platform/log.ts';
import { tokenFor } from '../../platform/provider-token.ts';
import { issueOf } from './reading-rules.ts';

const PLAY_ORIGIN = 'https://androidpublisher.googleapis.com';
const ASK_TIMEOUT_MS = 10_000;

/** Why the API said nothing that can be used. */
export class PlayProblem extends Error {
  /** Asking again will not help. */
  readonly isLasting: boolean;
  /** There is no such purchase. */
  readonly isUnknown: boolean;

  constructor(message: string, { isLasting = false, isUnknown = false }: { isLasting?: boolean; isUnknown?: boolean } = {}) {
    super(message);
    this.isLasting = isLasting || isUnknown;
    this.isUnknown = isUnknown;
  }
}

/**
 * @param parts of the address, below our app's purchases
 * @throws PlayProblem
 */
export async function playGet<T>(ctx: Context, parts: readonly string[], schema: z.ZodMiniType<T>): Promise<T> {
  const path = parts.map(encodeURIComponent).join('/');
  const first = await tokenFor(ctx, 'play');
  let answer = await ask(ctx, path, first);
  if (answer.status === 401) answer = await ask(ctx, path, await tokenFor(ctx, 'play', first));
  const body: unknown = await answer.json().catch(() => null);
  // 404: none of this kind; 400: a token that is none; 410: so old that Google has forgotten it.
  if ([400, 404, 410].includes(answer.status))
    throw new PlayProblem(`Play knows no such purchase (${answer.status}).`, { isUnknown: true });
  if (!answer.ok) throw new PlayProblem(`Play answered ${answer.status}.`);
  const read = z.safeParse(schema, body);
  if (!read.success) throw new PlayProblem(`Play’s answer can’t be read: ${issueOf(read.error)}.`, { isLasting: true });
  return read.data;
}

async function ask({ env, log }: Context, path: string, bearer: string | null): Promise<Response> {
  if (bearer === null) throw new PlayProblem('There is no token for Play now.');
  const purchases = `/androidpublisher/v3/applications/${env.PLAY_PACKAGE_NAME}/purchases`;
  try {
    return await fetch(`${env.SANDBOX_ORIGIN || PLAY_ORIGIN}${purchases}/${path}`, {
      headers: { Authorization: `Bearer ${bearer}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
  } catch (thrown) {
    log.warn('Play does not answer', { cause: causeOf(thrown) });
    throw new PlayProblem('Play did not answer.');
  }
}
