/** What other domains and the objects may ask of `chat`. */
import type { Context } from '../../platform/context.ts';
import { unwrap } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import type { Message } from '../../protocol/chat/message.ts';
import type { ChatId, MessageId, UserId } from '../../protocol/ids.ts';
import { askRoom, mustBeIn, peerOf } from './rooms.ts';

export { decideMedia, dropMedia, mediaForStaff, mediaToSend, releaseMedia, reportedStatement, type Shown, waitingMedia } from './media.ts';
export { blockChanged, type CallCard, indexed, noteCall } from './news.ts';
export { bytesAnswer, glanceOf } from './showing.ts';

/**
 * The other of somebody's conversation, and one of its messages as it stands.
 * @throws Problem `not_found` for a conversation or message that is not there or not theirs
 */
export async function messageOf(
  ctx: Context,
  { userId }: Principal,
  { chatId, messageId }: { chatId: ChatId; messageId: MessageId | undefined },
): Promise<{ peerId: UserId; message: Message | null }> {
  const { chat } = await mustBeIn(ctx, userId, chatId);
  if (messageId === undefined) return { peerId: peerOf(chat, userId), message: null };
  const { items } = unwrap(await askRoom(ctx, chat, (room) => room.messages({ by: userId, ids: [messageId] })));
  return { peerId: peerOf(chat, userId), message: items[0] ?? null };
}
