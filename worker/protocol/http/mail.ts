/** What comes back of mails: the provider's word on them, and readers who want no more of a kind. */
import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

export const receiveMailEvents = endpoint({
  name: 'receiveMailEvents',
  method: 'POST',
  path: '/webhooks/sendgrid',
  tag: 'mail',
  summary: 'SendGrid tells what became of mails; signed by them (ECDSA over timestamp and body), and again as often as they like',
  access: 'public',
  bytes: { types: ['application/json'], max: 4 * 1024 * 1024, unread: true },
  status: 204,
  answer: z.null(),
});

const query = z.strictObject({
  /** Leave to stop one group of mails to one address, as it stands in the mail. */
  leave: z.string().check(z.maxLength(200)),
});

export const readMailStop = endpoint({
  name: 'readMailStop',
  method: 'GET',
  path: '/mail/stop',
  tag: 'mail',
  summary: 'A page that asks whether mails like one are to stop; it changes nothing, so that programs may open it',
  access: 'public',
  query,
  status: 200,
  answer: z.null(),
  answersBytes: ['text/html'],
});

export const stopMail = endpoint({
  name: 'stopMail',
  method: 'POST',
  path: '/mail/stop',
  tag: 'mail',
  summary: 'Stop mails like one, by one click in a mail program (RFC 8058) or on the page; or take that back with `again`',
  access: 'public',
  query,
  bytes: { types: ['application/x-www-form-urlencoded', 'multipart/form-data'], max: 4 * 1024 },
  status: 200,
  answer: z.null(),
  answersBytes: ['text/html'],
});
