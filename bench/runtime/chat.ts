/** Doors into conversations: tickets for many devices at once, and more people than two. */
import { mintTicket } from '../../worker/domains/user/tokens.ts';
import type { Context } from '../../worker/platform/context.ts';
import { chatRoom } from '../../worker/platform/stubs.ts';
import type { ChatId, SessionId } from '../../worker/protocol/ids.ts';
import type { BenchPerson } from './people.ts';

export interface ChatOrder {
  readonly chatId: ChatId;
  readonly people: readonly BenchPerson[];
}

/** One for each person named, however often. */
export const mintTickets = ({ env, now }: Context, { chatId, people }: ChatOrder): Promise<string[]> =>
  Promise.all(
    people.map(async ({ userId, token }) => {
      const { ticket } = await mintTicket(env, { userId, sessionId: sessionOf(token) }, `chat:${chatId}`, now);
      return ticket;
    }),
  );

export async function letIn({ env, now }: Context, { chatId, people }: ChatOrder): Promise<void> {
  for (const { userId, shard } of people) {
    const person = { userId, role: 'companion', ledgerShard: shard } as const;
    const joined = await chatRoom(env, chatId).join({ person, from: 'all', now });
    if (!joined.ok) throw new Error(`${userId} was not let in: ${joined.code}`);
  }
}

const sessionOf = (token: string): SessionId => JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))).sid;
