/** What is written to Apple, and what its answers mean ("Sending notification requests to APNs", "Handling error responses"). */
import type { PushOrder } from './push.ts';
import { payloadOf } from './push-rules.ts';

export interface ApnsMessage {
  readonly pushType: 'alert' | 'background' | 'voip';
  readonly priority: '10' | '5';
  readonly payload: Record<string, unknown>;
}

/** A call by VoIP: the app asks for the rest when it wakes, and whoever reads it on the way learns nothing. */
export const voipMessage = ({ callId }: Pick<PushOrder, 'callId'>): ApnsMessage => ({
  pushType: 'voip',
  priority: '10',
  payload: { aps: {}, callId },
});

/** An alert; a ring for an app without VoIP, in the app's own words; or, without words, something silent. */
export function apnsMessage(order: PushOrder): ApnsMessage {
  const { title: _title, body: _body, ...data } = payloadOf(order);
  if (order.urgency === 'ring') {
    const aps = { alert: { 'title-loc-key': 'call.incoming' }, sound: 'ring.caf', 'interruption-level': 'time-sensitive' };
    return { pushType: 'alert', priority: '10', payload: { aps, ...data } };
  }
  // Apple asks for 5 where nothing is shown.
  if (!order.words) return { pushType: 'background', priority: '5', payload: { aps: { 'content-available': 1 }, ...data } };
  const aps = { alert: order.words, sound: 'default', 'thread-id': order.collapseKey };
  return { pushType: 'alert', priority: order.urgency === 'high' ? '10' : '5', payload: { aps, ...data } };
}

/** What follows from an answer. `renew`: our token is not taken, another one may be. */
export type ApnsMeaning = 'dead' | 'renew' | 'later' | 'never';

const DEAD = ['Unregistered', 'ExpiredToken', 'BadDeviceToken'];
const RENEW = ['ExpiredProviderToken', 'InvalidProviderToken', 'MissingProviderToken'];

/** @param reason Apple's word; empty where it said none */
export function meaningOf(status: number, reason: string): ApnsMeaning {
  if (status === 410 || DEAD.includes(reason)) return 'dead';
  if (RENEW.includes(reason)) return 'renew';
  // What is left of 403 is a wrong certificate, topic or right: it passes once somebody sets it right.
  return status === 403 || status === 429 || status >= 500 ? 'later' : 'never';
}
