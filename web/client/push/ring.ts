/** What has become of a ring by the time its push is here. */
import type { CallMedia } from '../../../worker/protocol/call/call.ts';
import { listCalls } from '../../../worker/protocol/http/calls.ts';
import type { AnswerOf } from '../../../worker/protocol/http/endpoint.ts';
import type { CallId, UserId } from '../../../worker/protocol/ids.ts';
import type { Api } from '../api.ts';

/**
 * `over`: taken or turned down, here or elsewhere. `unknown`: nobody could say; a ring is told of all the same, because it
 * waits for nothing.
 */
export type Ring =
  | { readonly state: 'ringing'; readonly name: string; readonly media: CallMedia }
  | { readonly state: 'missed'; readonly name: string; readonly callerId: UserId }
  | { readonly state: 'over' }
  | { readonly state: 'unknown' };

type CallItem = AnswerOf<typeof listCalls>['items'][number];

/** @param items own calls, newest first */
export function ringAmong(items: readonly CallItem[], callId: CallId): Ring {
  const found = items.find(({ call }) => call.id === callId);
  if (!found) return { state: 'unknown' };
  const { call, caller } = found;
  const name = caller.displayName;
  if (call.state === 'placing' || call.state === 'ringing') return { state: 'ringing', name, media: call.media };
  return call.endReason === 'no_answer' || call.endReason === 'cancelled'
    ? { state: 'missed', name, callerId: call.callerId }
    : { state: 'over' };
}

/** Asks the server, as the person that is signed in here. Never throws. */
export async function askForRing(api: Api, callId: CallId): Promise<Ring> {
  try {
    const { items } = await api.call(listCalls, { query: { direction: 'incoming', limit: 10 } });
    return ringAmong(items, callId);
  } catch {
    return { state: 'unknown' };
  }
}
