/** SMS through a Twilio-like API: a form posted with Basic authentication; locally to the sandbox. */
import * as z from 'zod/mini';
import type { Env } from '../../env.ts';
import { secretOf } from '../../platform/environment.ts';
import { causeOf } from '../../platform/log.ts';
import { refusedBy, SEND_TIMEOUT_MS, type Sending } from './sending.ts';
import type { SmsWords } from './words/rendering.ts';

const SMS_ORIGIN = 'https://api.twilio.com';
const created = z.object({ sid: z.string() });

export interface Sms extends SmsWords {
  readonly to: string;
}

/** Sends one SMS. The secret is `<account>:<token>` behind its prefix. Never throws. */
export async function sendSms(env: Env, sms: Sms): Promise<Sending> {
  const [account = '', token = ''] = secretOf(env, 'SMS_API_KEY').split(':');
  const address = `${env.SANDBOX_ORIGIN || SMS_ORIGIN}/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`;
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${account}:${token}`)}` },
      body: new URLSearchParams({ To: sms.to, From: env.SMS_FROM, Body: sms.text }),
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      return refusedBy('sms', answer.status);
    }
    const read = z.safeParse(created, await answer.json());
    return { sent: true, providerId: read.success ? read.data.sid : null };
  } catch (thrown) {
    return { sent: false, again: true, code: `sms_unreachable: ${causeOf(thrown)}` };
  }
}
