/** The Worker's entry: HTTP, queues, cron, and the object classes (nobody else imports those as values). */
import { createApp } from './app.ts';
import { notificationsOfBatch } from './domains/notification/consumer.ts';
import { consumeDeadLetters } from './domains/notification/dead-letters.ts';
import { consumeDeadPayments, consumePayments } from './domains/payment/consumer.ts';
import { runDueJobs } from './domains/timetable/service.ts';
import type { Env } from './env.ts';
import { jobs } from './jobs.ts';
import { type Context, contextOf } from './platform/context.ts';
import { complaints } from './platform/environment.ts';
import { consume, type QueueConsumers } from './platform/queues.ts';

export { CallSession } from '../durable-objects/call-session/call-session.ts';
export { ChatRoom } from '../durable-objects/chat-room/chat-room.ts';
export { GalleryFeed } from '../durable-objects/gallery-feed/gallery-feed.ts';
export { ProviderHealth } from '../durable-objects/provider-health/provider-health.ts';
export { ProviderTokens } from '../durable-objects/provider-tokens/provider-tokens.ts';
export { UserHub } from '../durable-objects/user-hub/user-hub.ts';

const app = createApp();

/** By the queue's purpose: the part of its name behind the environment's. */
const consumers: QueueConsumers = {
  notifications: (ctx) => notificationsOfBatch(ctx),
  'notifications-dead': () => consumeDeadLetters,
  webhooks: () => (ctx, body) => consumePayments(ctx, body),
  'webhooks-dead': () => consumeDeadPayments,
};

export default {
  fetch: (request, env, execution) => app.fetch(request, env, execution),

  async queue(batch, env, execution) {
    await consume(contextFor(env, execution), batch, consumers);
  },

  async scheduled(_controller, env, execution) {
    await runDueJobs(contextFor(env, execution), jobs);
  },
} satisfies ExportedHandler<Env>;

/** A context for work that nobody asked for over HTTP; throws where the environment is not set up, so that it is retried. */
function contextFor(env: Env, execution: ExecutionContext): Context {
  const wrong = complaints(env);
  if (wrong.length > 0) throw new Error(`The environment is not set up. ${wrong.join(' ')}`);
  return contextOf(env, { now: Date.now(), requestId: crypto.randomUUID(), waitUntil: (work) => execution.waitUntil(work) });
}
