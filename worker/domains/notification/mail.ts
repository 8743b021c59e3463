/** Mail through SendGrid's v3 API; locally through the sandbox, which checks as strictly. */
import sendgrid from '@sendgrid/mail';
import type { Env } from '../../env.ts';
import { secretOf } from '../../platform/environment.ts';
import { asmGroupsOf } from './mail-event-rules.ts';
import { refusedBy, SEND_TIMEOUT_MS, type Sending } from './sending.ts';
import type { Mail } from './words.ts';

/** The part of the client that the package's types leave out. */
interface WithClient {
  readonly client: {
    setDefaultRequest(key: string, value: string): unknown;
    request(order: { method: 'DELETE'; url: string }): Promise<unknown>;
  };
}

/**
 * What the stream of a mail asks for. One that can be stopped says how: by one click (RFC 8058), and as a group of the
 * provider where it has one. One that can't goes also to readers who left all lists or once called a mail of ours spam.
 */
function streamOf(env: Env, { group, stopUrl }: Mail) {
  if (!stopUrl) return { mailSettings: { bypassSpamManagement: { enable: true }, bypassUnsubscribeManagement: { enable: true } } };
  const asmGroup = asmGroupsOf(env.SENDGRID_ASM_GROUPS).get(group);
  return {
    headers: { 'List-Unsubscribe': `<${stopUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    ...(asmGroup === undefined ? {} : { asm: { groupId: asmGroup } }),
  };
}

const SENDER = 'Hearthline';
/** Whom mails come from, as a mailbox shows it. */
export const senderOf = (env: Pick<Env, 'MAIL_FROM'>): string => `${SENDER} <${env.MAIL_FROM}>`;

function clientFor(env: Env): WithClient['client'] {
  sendgrid.setApiKey(secretOf(env, 'SENDGRID_API_KEY'));
  sendgrid.setTimeout(SEND_TIMEOUT_MS);
  const { client } = sendgrid as unknown as WithClient;
  if (env.SANDBOX_ORIGIN) client.setDefaultRequest('baseUrl', env.SANDBOX_ORIGIN);
  return client;
}

/** Sends one mail. `id` goes along as a custom argument, so that a delivery can be traced back. Never throws. */
export async function sendMail(env: Env, id: string, mail: Mail): Promise<Sending> {
  clientFor(env);
  try {
    const [answer] = await sendgrid.send({
      to: mail.to,
      from: { email: env.MAIL_FROM, name: SENDER },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      customArgs: { message_id: id },
      ...streamOf(env, mail),
      // A code's link must not be rewritten, and whether it was opened is nobody's business.
      trackingSettings: { clickTracking: { enable: false, enableText: false }, openTracking: { enable: false } },
    });
    const headers = answer.headers as Record<string, string | undefined>;
    return { sent: true, providerId: headers['x-message-id'] ?? null };
  } catch (thrown) {
    const status = (thrown as { code?: unknown }).code;
    return typeof status === 'number' ? refusedBy('sendgrid', status) : { sent: false, again: true, code: 'sendgrid_unreachable' };
  }
}

/** Where SendGrid keeps addresses that mail came back from, or that it takes for none: it drops what goes there. */
const LISTS = ['bounces', 'invalid_emails'] as const;

/** Takes an address off SendGrid's own lists; one that is on none is off already. Never throws. */
export async function takeOffLists(env: Env, address: string): Promise<{ done: true } | { done: false; code: string }> {
  const client = clientFor(env);
  try {
    for (const list of LISTS)
      await unlessMissing(client.request({ method: 'DELETE', url: `/v3/suppression/${list}/${encodeURIComponent(address)}` }));
    return { done: true };
  } catch (thrown) {
    const status = (thrown as { code?: unknown }).code;
    return { done: false, code: typeof status === 'number' ? `sendgrid_${status}` : 'sendgrid_unreachable' };
  }
}

async function unlessMissing(asked: Promise<unknown>): Promise<void> {
  await asked.catch((thrown: unknown) => {
    if ((thrown as { code?: unknown }).code !== 404) throw thrown;
  });
}
