/** The queue `notifications`, and what it gave up. Each kind of message has a file of its own. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { gathering } from '../../platform/gathering.ts';
import type { Consumer, Delivery } from '../../platform/queues.ts';
import type { UserId } from '../../protocol/ids.ts';
import { notificationMessage } from '../../protocol/queue/messages.ts';
import { cutAudience, tellPage } from './announcing.ts';
import { callOver } from './call-over.ts';
import { climb } from './climbing.ts';
import { sendCode } from './code-message.ts';
import { type LookUp, lookUp } from './reach.ts';
import { ways as everyWay, type Ways } from './ways.ts';

/** Handles the messages of one batch: whom they concern is looked up for all of them at once, each fails for itself. */
export function notificationsOfBatch(ctx: Context, ways: Ways = everyWay): Consumer {
  const look = gathering((ids: readonly UserId[]) => lookUp(ctx, ids, ways));
  return (each, body) => handle(each, body, ways, look);
}

/** Safe to repeat, in any order. */
async function handle(ctx: Context, body: unknown, ways: Ways, look: LookUp): Promise<Delivery> {
  const read = z.safeParse(notificationMessage, body);
  if (!read.success) return { drop: true, code: 'not_a_message' };
  const message = read.data;
  switch (message.kind) {
    case 'otp':
      return sendCode(ctx, message);
    case 'climb':
      return climb(ctx, message, ways, look);
    case 'call_over':
      return callOver(ctx, message, ways);
    case 'announce':
      return cutAudience(ctx, message);
    case 'announce_page':
      return tellPage(ctx, message, ways);
  }
}
