/** Asking a conversation's room, which is made on the way where a crash left it unmade. */
import type { Context } from '../../platform/context.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import type { Result } from '../../platform/result.ts';
import { type ChatPerson, type ChatRoomStub, chatRoom } from '../../platform/stubs.ts';
import type { ChatId, UserId } from '../../protocol/ids.ts';
import { usersByIds } from '../user/service.ts';
import { type ChatRow, type OwnRow, ownRow } from './store.ts';

/**
 * A conversation for somebody who is in it.
 * @throws Problem `not_found` for a conversation that is not there or not theirs: nobody learns which
 */
export async function mustBeIn(ctx: Context, userId: UserId, chatId: ChatId): Promise<OwnRow> {
  const row = await ownRow(ctx.env.DB, userId, chatId);
  if (row) return row;
  throw new Problem('not_found', 'There is no such conversation.');
}

/** The other of the two, as this person sees it: to the member their companion, to whoever answers the member. */
export const peerOf = ({ memberId, companionId }: Pick<ChatRow, 'memberId' | 'companionId'>, viewer: UserId): UserId =>
  (viewer === memberId ? companionId : memberId) as UserId;

type PairOfChat = Pick<ChatRow, 'id' | 'memberId' | 'companionId'>;

/** Makes the room of a conversation; one that is there stays as it is. */
export async function openRoom(ctx: Context, { id, memberId, companionId }: PairOfChat): Promise<void> {
  const ids = [memberId, companionId] as UserId[];
  const users = await usersByIds(ctx, ids);
  const people = ids.map((userId): ChatPerson => {
    const user = users.get(userId);
    if (!user) throw new Problem('not_found', 'One of the two is not here any more.');
    return { userId, role: user.role, ledgerShard: user.ledgerShard };
  });
  unwrap(await chatRoom(ctx.env, id as ChatId).open({ chatId: id as ChatId, people, now: ctx.now }));
}

/** What the room answers; a room that knows nothing of itself yet is made, and asked again. */
export async function askRoom<T>(ctx: Context, chat: PairOfChat, ask: (room: ChatRoomStub) => Promise<Result<T>>): Promise<Result<T>> {
  const room = chatRoom(ctx.env, chat.id as ChatId);
  const answer = await ask(room);
  if (answer.ok || answer.code !== 'not_found') return answer;
  await openRoom(ctx, chat);
  return ask(room);
}
