/** SendGrid's event webhook: proved to be theirs, kept once, and turned into what is known against an address. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { causeOf } from '../../platform/log.ts';
import { asmGroupsOf, isKept, type MailEvent, mailEvent, meaningOf } from './mail-event-rules.ts';
import { mailAddressHash } from './mail-keys.ts';
import { bytesOf, rawSignature } from './signature-rules.ts';
import { insertMailEvent, noteSuppression } from './suppression-store.ts';
import { isMailGroup } from './words/mail-groups.ts';

export const SIGNATURE_HEADER = 'X-Twilio-Email-Event-Webhook-Signature';
export const TIMESTAMP_HEADER = 'X-Twilio-Email-Event-Webhook-Timestamp';

/** Their clock and ours may differ, and a request takes its time; what is older was recorded and is played again. */
const TOLERANCE_MS = 10 * 60_000;
/** Statements of one batch. */
const BATCH = 80;

export interface SignedEvents {
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
  readonly body: Uint8Array;
}

/** Whether SendGrid signed this, just now: ECDSA on P-256 with SHA-256 over the timestamp and the body as it was sent. */
export async function isTheirs(publicKey: string, { signature, timestamp, body }: SignedEvents, now: number): Promise<boolean> {
  if (!signature || !timestamp || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * 1000) > TOLERANCE_MS) return false;
  const raw = rawSignature(signature);
  if (!raw) return false;
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('spki', bytesOf(publicKey) ?? new Uint8Array(), curve, false, ['verify']);
  const stamp = new TextEncoder().encode(timestamp);
  const signed = new Uint8Array(stamp.length + body.length);
  signed.set(stamp);
  signed.set(body, stamp.length);
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, raw, signed);
}

/**
 * Takes what SendGrid tells. Told again, late or in another order, the outcome is the same.
 * @throws Problem `not_found` where no key is set, `forbidden` where it is not theirs or not of now, `malformed_json`
 */
export async function takeMailEvents(ctx: Context, told: SignedEvents): Promise<void> {
  const key = ctx.env.SENDGRID_EVENT_KEY;
  if (!key) throw new Problem('not_found', 'There is nothing at this address.');
  if (!(await isTheirs(key, told, ctx.now))) {
    ctx.log.warn('mail events with a signature that does not hold', { bytes: told.body.byteLength });
    throw new Problem('forbidden', 'The signature does not hold for this body at this time.');
  }
  const events = eventsIn(ctx, told.body);
  const statements = (await Promise.all(events.map((event) => statementsOf(ctx, event)))).flat();
  for (let from = 0; from < statements.length; from += BATCH) await ctx.env.DB.batch(statements.slice(from, from + BATCH));
}

/** Those of a body that can be read; one that can't holds up no other. */
function eventsIn(ctx: Context, body: Uint8Array): MailEvent[] {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body));
  } catch (thrown) {
    throw new Problem('malformed_json', 'The body can’t be read as JSON.', { cause: thrown });
  }
  if (!Array.isArray(read)) throw new Problem('validation_failed', 'The body must be a list of events.');
  const parsed = read.map((one) => mailEvent.safeParse(one));
  const unread = parsed.filter(({ success }) => !success).length;
  if (unread > 0)
    ctx.log.error('mail events that can’t be read', {
      count: unread,
      cause: causeOf(parsed.find((one) => !one.success)?.error?.issues[0]?.path),
    });
  return parsed.flatMap((one) => (one.success && isKept(one.data) ? [one.data] : []));
}

async function statementsOf(ctx: Context, event: MailEvent): Promise<D1PreparedStatement[]> {
  const at = event.timestamp * 1000;
  const kept = { id: event.sg_event_id, type: event.event, messageId: event.message_id ?? null, at, receivedAt: ctx.now };
  const groups = new Map([...asmGroupsOf(ctx.env.SENDGRID_ASM_GROUPS)].map(([group, id]) => [id, group]));
  const meaning = meaningOf(event, (id) => {
    const group = groups.get(id) ?? '';
    return isMailGroup(group) ? group : undefined;
  });
  if (meaning === 'unknown_group') ctx.log.error('a reader left a mail group that nobody knows here', { asmGroup: event.asm_group_id });
  if (typeof meaning === 'string') return [insertMailEvent(ctx.env.DB, kept)];
  const { cause, group, lifted } = meaning;
  const addressHash = await mailAddressHash(ctx.env, event.email);
  return [
    insertMailEvent(ctx.env.DB, kept),
    noteSuppression(ctx.env.DB, { addressHash, cause, mailGroup: group ?? '', at, lifted, source: 'provider' }),
  ];
}
