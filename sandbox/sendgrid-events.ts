/**
 * SendGrid's event webhook: what became of a mail, told to the Worker with their signature (ECDSA on P-256 over the
 * timestamp and the body as sent), in their shapes; also late, twice and in any order, as they do.
 */
import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import type { Answer, Ask, EventCall } from './answer.ts';
import type { Outbox, Sent } from './outbox.ts';
import type { SendGridLists } from './sendgrid-lists.ts';

/** Signs on this desk only: its public half stands in wrangler.toml for `local` and nowhere else. */
const key = createPrivateKey({
  key: Buffer.from(
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrkZ67Jmladez2ovAOqeaVveGgMKZkppeFklN0KJEUz6hRANCAAQB9wIHr7tF+1lPCCuXSFh27uxbqeHmYC5b4+XZsdFqePpYRVTlH2xsl6pvaTDqfje7LJfBwI/Wggh0ulp+W3ux',
    'base64',
  ),
  format: 'der',
  type: 'pkcs8',
});

/** What can become of a mail, and what they say of it beside that. */
const happenings = {
  processed: {},
  delivered: { response: '250 2.0.0 OK' },
  bounce: {
    type: 'bounce',
    status: '5.1.1',
    reason: '550 5.1.1 The email account that you tried to reach does not exist',
    bounce_classification: 'Invalid Address',
  },
  blocked: {
    event: 'bounce',
    type: 'blocked',
    status: '5.7.1',
    reason: '550 5.7.1 Service unavailable',
    bounce_classification: 'Reputation',
  },
  dropped: { reason: 'Bounced Address', status: '5.0.0' },
  deferred: { response: '400 try again later', attempt: '5' },
  spamreport: {},
  unsubscribe: {},
  group_unsubscribe: {},
  group_resubscribe: {},
  open: { useragent: 'Mozilla/5.0', ip: '192.0.2.1' },
} as const;
type Happening = keyof typeof happenings;

interface Wish {
  /** The `id` of the message in the outbox. */
  readonly message: string;
  readonly event: Happening;
  /** How long ago it happened, seconds: they tell late at times. */
  readonly ago?: number;
  /** How often it is told; each is signed anew, the event is the same. */
  readonly times?: number;
}

export const signed = (body: string, timestamp: number): EventCall => ({
  body,
  headers: {
    'Content-Type': 'application/json',
    'User-Agent': 'SendGrid Event API',
    'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', Buffer.from(`${timestamp}${body}`), key).toString('base64'),
    'X-Twilio-Email-Event-Webhook-Timestamp': String(timestamp),
  },
});

/** `POST /api/mail-events`: answers the calls that the Worker gets; whoever serves the sandbox makes them. */
export function tellOf(outbox: Outbox, lists: SendGridLists, ask: Ask): Answer {
  const wish = wishOf(ask.body);
  if (!wish) return { status: 400, json: { error: `say {message, event} with an event of ${Object.keys(happenings).join(', ')}` } };
  const sent = outbox.list().find(({ id, mail }) => id === wish.message && mail);
  if (!sent) return { status: 404, json: { error: 'there is no mail with this id' } };
  if (wish.event === 'bounce') lists.bounced(sent.to, ask.at);
  const at = Math.floor(ask.at / 1000);
  const body = `${JSON.stringify([eventOf(sent, wish.event, at - (wish.ago ?? 0))])}\r\n`;
  const calls = Array.from({ length: wish.times ?? 1 }, (_, n) => signed(body, at + n));
  return { status: 200, json: { calls }, calls };
}

function wishOf(text: string): Wish | null {
  try {
    const wish = JSON.parse(text) as Wish;
    return typeof wish.message === 'string' && Object.hasOwn(happenings, wish.event) ? wish : null;
  } catch {
    return null;
  }
}

function eventOf({ to, mail }: Sent, happening: Happening, timestamp: number): Record<string, unknown> {
  const ofGroup = /^group_/.test(happening);
  return {
    email: to,
    timestamp,
    'smtp-id': `<${mail?.messageId}@ismtpd-sandbox>`,
    event: happening,
    sg_event_id: randomBytes(16).toString('base64url'),
    sg_message_id: `${mail?.messageId}.filter-sandbox`,
    ...(mail?.asmGroup === null || !ofGroup ? {} : { asm_group_id: mail?.asmGroup }),
    ...happenings[happening],
    ...mail?.args,
  };
}
