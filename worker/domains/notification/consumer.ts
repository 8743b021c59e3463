/** The queue `notifications`, and what it gave up. Each kind of message has a file of its own. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import type { Delivery } from '../../platform/queues.ts';
import { notificationMessage } from '../../protocol/queue/messages.ts';
import { cutAudience, tellPage } from './announcing.ts';
import { callOver } from './call-over.ts';
import { climb } from './climbing.ts';
import { sendCode } from './code-message.ts';
import { ways as everyWay, type Ways } from './ways.ts';

/** Handles one message. Safe to repeat, in any order. */
export async function consumeNotifications(ctx: Context, body: unknown, ways: Ways = everyWay): Promise<Delivery> {
  const read = z.safeParse(notificationMessage, body);
  if (!read.success) return { drop: true, code: 'not_a_message' };
  const message = read.data;
  switch (message.kind) {
    case 'otp':
      return sendCode(ctx, message);
    case 'climb':
      return climb(ctx, message, ways);
    case 'call_over':
      return callOver(ctx, message, ways);
    case 'announce':
      return cutAudience(ctx, message);
    case 'announce_page':
      return tellPage(ctx, message);
  }
}
