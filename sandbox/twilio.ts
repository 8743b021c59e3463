/**
 * Twilio's `POST /2010-04-01/Accounts/{sid}/Messages.json`, as strict as theirs: Basic authentication by the account of
 * the path, form fields, numbers in E.164, the same error codes, 201 with the message when it is taken.
 */
import { randomBytes } from 'node:crypto';
import type { Answer, Ask, StandIn } from './answer.ts';

const PATH = /^\/2010-04-01\/Accounts\/(AC[0-9a-fA-F]{32})\/Messages\.json$/;
const NUMBER = /^\+[1-9]\d{6,14}$/;
/** The most that they take as one message. */
const MAX_BODY = 1600;

const refuse = (status: number, code: number, message: string): Answer => ({
  status,
  json: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

export const twilio: StandIn = {
  service: 'twilio',
  serves: (path) => path.startsWith('/2010-04-01/'),
  recipientOf: (ask) => new URLSearchParams(ask.body).get('To'),
  answer: (ask) => sendSms(ask, randomBytes(16).toString('hex'), new Date(ask.at).toISOString()),
  refuse: ({ status, retryAfter, reason }) => ({
    ...refuse(Number(status), status === 429 ? 20429 : 20500, reason ?? 'This is a fault on demand.'),
    headers: retryAfter === null ? {} : { 'Retry-After': String(retryAfter) },
  }),
};

/** @param id 32 hex digits; @param at RFC 3339 */
function sendSms(ask: Ask, id: string, at: string): Answer {
  const account = PATH.exec(ask.path.replace(/\?.*/, ''))?.[1];
  if (!account) return refuse(404, 20404, `The requested resource ${ask.path} was not found`);
  if (ask.method !== 'POST') return refuse(405, 20004, 'Method not allowed');
  if (!isAccount(ask.headers.authorization, account)) return refuse(401, 20003, 'Authenticate');
  if (!/^application\/x-www-form-urlencoded\b/i.test(ask.headers['content-type'] ?? ''))
    return refuse(415, 20415, 'Unsupported Media Type');
  const form = new URLSearchParams(ask.body);
  const [to, from, body] = [form.get('To'), form.get('From'), form.get('Body')];
  if (!to) return refuse(400, 21604, "A 'To' phone number is required.");
  if (!NUMBER.test(to)) return refuse(400, 21211, `Invalid 'To' Phone Number: ${to}`);
  if (!from) return refuse(400, 21603, "A 'From' phone number is required.");
  if (!NUMBER.test(from)) return refuse(400, 21212, `Invalid From Number (caller ID): ${from}`);
  if (!body) return refuse(400, 21602, 'Message body is required.');
  if (body.length > MAX_BODY) return refuse(400, 21617, 'The concatenated message body exceeds the 1600 character limit');

  const sid = `SM${id}`;
  return {
    status: 201,
    json: { sid, account_sid: account, to, from, body, status: 'queued', direction: 'outbound-api', date_created: at, error_code: null },
    sent: [{ id: sid, at, channel: 'sms', to, from, subject: '', text: body, html: '' }],
  };
}

function isAccount(header: string | undefined, account: string): boolean {
  const encoded = /^Basic (\S+)$/.exec(header ?? '')?.[1];
  if (!encoded) return false;
  const [user, ...token] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return user === account && token.join(':').length > 0;
}
