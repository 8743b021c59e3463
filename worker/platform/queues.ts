/**
 * Takes a batch apart: each message is acknowledged or sent back on its own, so that a bad one holds up nobody. Queues
 * deliver at least once and in no order; a message that fails too often goes to the dead-letter queue by itself
 * (`max_retries` in wrangler.toml).
 */
import type { Context } from './context.ts';
import { causeOf } from './log.ts';

/** What became of a message. `retry` comes back later; `drop` can never succeed and is written down. */
export type Delivery =
  | { readonly done: true }
  | { readonly retry: true; readonly code: string; readonly delaySeconds?: number }
  | { readonly drop: true; readonly code: string };

/** Handles one message; `attempt` begins at 1, `messageId` is the queue's own. Throwing means retry. */
export type Consumer = (ctx: Context, body: unknown, attempt: number, messageId: string) => Promise<Delivery>;

/** Purpose of a queue → its consumer, made anew for each batch, so that the messages of one may share what they look up. */
export type QueueConsumers = Readonly<Record<string, (ctx: Context) => Consumer>>;

/** Seconds before the next attempt: 5, 10, 20, … up to five minutes. */
export const backoffSeconds = (attempt: number): number => Math.min(5 * 2 ** (attempt - 1), 300);

/** Gives each message to the consumer of its queue (`hearthline-<environment>-<purpose>`). */
export async function consume(ctx: Context, batch: MessageBatch, consumers: QueueConsumers): Promise<void> {
  const purpose = batch.queue.slice(`hearthline-${ctx.env.ENVIRONMENT}-`.length);
  const consumer = consumers[purpose]?.(ctx);
  if (!consumer) {
    ctx.log.error('no consumer for this queue', { queue: batch.queue });
    batch.retryAll();
    return;
  }
  await Promise.all(batch.messages.map((message) => one(ctx, purpose, consumer, message)));
}

async function one(ctx: Context, queue: string, consumer: Consumer, message: Message): Promise<void> {
  const { attempts } = message;
  const again = (code: string, delaySeconds = backoffSeconds(attempts)) => {
    ctx.log.warn('queue message comes back later', { queue, messageId: message.id, attempts, code, delaySeconds });
    message.retry({ delaySeconds });
  };
  try {
    const delivery = await consumer(ctx, message.body, attempts, message.id);
    if ('retry' in delivery) return again(delivery.code, delivery.delaySeconds);
    if ('drop' in delivery) ctx.log.error('queue message dropped', { queue, messageId: message.id, attempts, code: delivery.code });
    message.ack();
  } catch (thrown) {
    again(causeOf(thrown));
  }
}
