/** Members who write, and a companion's desk at which they wait. */
import type { Person } from './person.ts';
import type { World } from './world.ts';

export interface Writer {
  readonly member: Person;
  readonly chatId: string;
  says(text: string): Promise<void>;
}

/** A member nobody has met, who writes to a companion. */
export async function writer(world: World, profile: object, companion: Person): Promise<Writer> {
  const { member } = await world.newMember(300);
  await member.ask('PATCH', '/me', { public: profile });
  const { chat } = await member.ask('POST', '/chats', { peerId: companion.id });
  return { member, chatId: chat.id, says: (text) => sayIn(member, chat.id, text) };
}

/** Writes without a screen. */
export async function sayIn(by: Person, chatId: string, text: string): Promise<void> {
  const clientId = crypto.randomUUID();
  await by.ask('POST', `/chats/${chatId}/messages`, { clientId, kind: 'text', body: { text } }, clientId);
}

/** What somebody reads in a conversation, oldest first. */
export async function wordsIn(by: Person, chatId: string): Promise<string[]> {
  const { items } = await by.ask('GET', `/chats/${chatId}/events?limit=200`);
  return items.flatMap((event: { type: string; message?: { body: { text?: string } | null } }) =>
    event.type === 'message' && event.message?.body?.text ? [event.message.body.text] : [],
  );
}
