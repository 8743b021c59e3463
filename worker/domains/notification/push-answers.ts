/** How the answers of push providers are asked for and told apart. */
import type { Pushed } from './push.ts';
import { SEND_TIMEOUT_MS } from './sending.ts';

/** No provider means it longer than this; what is longer would be forgotten rather than waited for. */
const LONGEST_WAIT_MS = 60 * 60_000;

/** Taken. */
export const taken = (providerId: string | null): Pushed => ({ sent: true, providerId });
/** This device is no more. */
export const dead = (code: string): Pushed => ({ sent: false, again: false, dead: true, code });
/** Never, as it is: the message itself is refused. */
export const never = (code: string): Pushed => ({ sent: false, again: false, code });
/** Later: when the provider says so, or as we see fit. */
export const later = (code: string, retryAfterMs?: number): Pushed =>
  retryAfterMs === undefined ? { sent: false, again: true, code } : { sent: false, again: true, code, retryAfterMs };

/** `Retry-After` in ms: seconds, or a date. Undefined where there is none, or none that can be read. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const text = headers.get('Retry-After')?.trim();
  if (!text) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_WAIT_MS);
}

/**
 * Asks a provider; where nothing comes back, says so instead. A redirect is not followed: it would lead to an address that
 * nobody has looked at.
 */
export async function exchange(provider: string, address: string, init: RequestInit): Promise<Response | Pushed> {
  try {
    return await fetch(address, { ...init, redirect: 'manual', signal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
  } catch (thrown) {
    return later(thrown instanceof Error && thrown.name === 'TimeoutError' ? `${provider}_timeout` : `${provider}_unreachable`);
  }
}

/** What an answer says, as JSON; an empty object where it says nothing that can be read. */
export async function said(answer: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
