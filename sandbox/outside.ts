/** Who answers for which outside service; no sockets here, so that tests can be the outside world in process. */
import { randomBytes } from 'node:crypto';
import type { Answer, Ask } from './answer.ts';
import type { Outbox } from './outbox.ts';
import { sendMail } from './sendgrid.ts';
import { isSmsPath, sendSms } from './twilio.ts';

/** What the outside world answers; what it took is in the outbox afterwards. */
export function answerOutside(outbox: Outbox, ask: Ask): Answer {
  const answer = standIn(outbox, ask);
  for (const message of answer.sent ?? []) outbox.add(message);
  return answer;
}

function standIn(outbox: Outbox, ask: Ask): Answer {
  const url = new URL(ask.path, 'http://sandbox');
  const read = ask.method === 'GET' || ask.method === 'HEAD';
  if (read && url.pathname === '/health') return { status: 200, json: { status: 'ok' } };
  if (read && url.pathname === '/api/messages') return { status: 200, json: { items: outbox.list(url.searchParams.get('to')) } };

  const at = new Date().toISOString();
  if (url.pathname === '/v3/mail/send') return sendMail(ask, randomBytes(11).toString('base64url'), at);
  if (isSmsPath(url.pathname)) return sendSms({ ...ask, path: url.pathname }, randomBytes(16).toString('hex'), at);
  return { status: 404, json: { error: `nothing stands in for ${url.pathname}` } };
}
