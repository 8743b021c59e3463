/** What a hub tells others. An entry names the matter only; what is true of it is read at the moment of telling. */

import { openShift } from '../../worker/domains/shifts/service.ts';
import { userById } from '../../worker/domains/user/service.ts';
import type { Env } from '../../worker/env.ts';
import type { Context } from '../../worker/platform/context.ts';
import { callSession, chatRoom, galleryFeed } from '../../worker/platform/stubs.ts';
import type { Call } from '../../worker/protocol/call/call.ts';
import type { CallId, ChatId, Id, SessionId, UserId } from '../../worker/protocol/ids.ts';
import type { PresenceState, Role } from '../../worker/protocol/people.ts';
import type { CallOverMessage, ClimbMessage } from '../../worker/protocol/queue/messages.ts';

export type Matter =
  /** Read role and shift from the database: they may have been written there without telling this hub. */
  | { readonly kind: 'learn' }
  /** Tell the gallery what this companion is now. */
  | { readonly kind: 'presence' }
  /** Tell the gallery whether this member is looking. */
  | { readonly kind: 'watch' }
  /** Ask a call whether it still rings. */
  | { readonly kind: 'ask'; readonly callId: CallId }
  /** Close this person's sockets in a call. */
  | { readonly kind: 'close'; readonly callId: CallId; readonly sessionId: SessionId | null }
  /** Close this person's sockets in a conversation. */
  | { readonly kind: 'closeChat'; readonly chatId: ChatId; readonly sessionId: SessionId | null }
  /** Put the next rung of a notification on the queue. */
  | ({ readonly kind: 'climb' } & Pick<ClimbMessage, 'id' | 'notice' | 'beganAt' | 'rung'>)
  /** Order coins: few are left, and the person has them bought by themselves. */
  | { readonly kind: 'top_up' }
  /** Let devices fall silent that were told of a call outside the app. */
  | { readonly kind: 'call_over'; readonly id: Id<'ntf'>; readonly callId: CallId };

export interface Learned {
  readonly role: Role | null;
  readonly working: boolean;
  readonly onBreak: boolean;
}

/** Who this person is and whether they work now, as the database has it. */
export async function learn(ctx: Context, self: UserId): Promise<Learned> {
  const user = await userById(ctx, self);
  const shift = user?.role === 'companion' ? await openShift(ctx, self) : null;
  const onBreak = shift !== null && shift.breakSince !== null;
  return { role: user?.role ?? null, working: shift !== null && !onBreak, onBreak };
}

/** The call as it stands; null if there is no such call. */
export async function askCall(env: Env, callId: CallId): Promise<Call | null> {
  const answer = await callSession(env, callId).read();
  return answer.ok ? answer.value.call : null;
}

export async function tellPresence(
  env: Env,
  person: { userId: UserId; presence: PresenceState; onShift: boolean; since: number; at: number },
): Promise<void> {
  await galleryFeed(env).changed(person);
}

export async function tellWatching(env: Env, order: { viewerId: UserId; watching: boolean; now: number }): Promise<void> {
  await galleryFeed(env).watch(order);
}

export async function tellClose(env: Env, self: UserId, matter: Extract<Matter, { kind: 'close' | 'closeChat' }>): Promise<void> {
  const room = matter.kind === 'close' ? callSession(env, matter.callId) : chatRoom(env, matter.chatId);
  await room.closeSockets({
    userId: self,
    ...(matter.sessionId === null ? {} : { sessionId: matter.sessionId }),
    reason: 'revoked',
  });
}

/** At least once: whoever takes it from the queue looks again, and buys once. */
export async function tellTopUp(env: Env, userId: UserId): Promise<void> {
  await env.WEBHOOKS.send({ kind: 'top_up', userId });
}

/** [HN4] At least once: whoever takes it from the queue knows the same order by its notification and rung. */
export async function tellQueue(env: Env, userId: UserId, matter: Extract<Matter, { kind: 'climb' | 'call_over' }>): Promise<void> {
  await env.NOTIFICATIONS.send({ ...matter, userId } satisfies ClimbMessage | CallOverMessage);
}
