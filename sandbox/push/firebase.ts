/**
 * Firebase Cloud Messaging, `POST /v1/projects/{id}/messages:send`: a bearer of Google's token endpoint, only the fields that
 * there are, 4096 bytes of payload; errors with FCM's own word among the details.
 */
import { randomBytes } from 'node:crypto';
import { type Answer, type Ask, isObject, jsonOf, type StandIn } from '../answer.ts';
import { google } from '../desk-keys.ts';
import type { Fault } from '../faults.ts';
import { type FirebaseMessage, wrongWith } from './firebase-message.ts';
import type { GoogleTokens } from './google-token.ts';
import type { Phones } from './phones.ts';
import { shown } from './shown.ts';

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const PATH = /^\/v1\/projects\/([^/]+)\/messages:send$/;

/** HTTP status, Google's general word, FCM's own. */
const usual: Readonly<Record<number, readonly [status: string, errorCode: string | null]>> = {
  401: ['UNAUTHENTICATED', null],
  403: ['PERMISSION_DENIED', null],
  404: ['NOT_FOUND', 'UNREGISTERED'],
  429: ['RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'],
  500: ['INTERNAL', 'INTERNAL'],
  503: ['UNAVAILABLE', 'UNAVAILABLE'],
};

const refuse = (code: number, status: string, errorCode: string | null, message: string): Answer => ({
  status: code,
  json: {
    error: {
      code,
      message,
      status,
      ...(errorCode === null ? {} : { details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }] }),
    },
  },
});

export class Firebase implements StandIn {
  readonly service = 'fcm';
  readonly #phones: Phones;
  readonly #bearers: GoogleTokens;

  constructor(phones: Phones, bearers: GoogleTokens) {
    this.#phones = phones;
    this.#bearers = bearers;
  }

  serves(path: string): boolean {
    return path.startsWith('/v1/projects/');
  }

  recipientOf(ask: Ask): string | null {
    const message = messageOf(ask);
    return typeof message?.token === 'string' ? message.token : null;
  }

  refuse({ status, retryAfter, reason }: Fault): Answer {
    const [general, own] = usual[Number(status)] ?? ['INVALID_ARGUMENT', null];
    const answer = refuse(Number(status), general, reason ?? own, 'A fault on demand.');
    return retryAfter === null ? answer : { ...answer, headers: { 'Retry-After': String(retryAfter) } };
  }

  answer(ask: Ask): Answer {
    const project = PATH.exec(ask.path.replace(/\?.*/, ''))?.[1];
    if (!project || ask.method !== 'POST') return refuse(404, 'NOT_FOUND', null, 'The requested URL was not found on this server.');
    if (!this.#bearers.isGood(ask.headers.authorization, ask.at, SCOPE))
      return refuse(401, 'UNAUTHENTICATED', null, 'Request had invalid authentication credentials.');
    if (project !== google.projectId)
      return refuse(403, 'PERMISSION_DENIED', null, "Permission 'cloudmessaging.messages.create' denied on resource");
    const message = messageOf(ask);
    if (!message) return invalid('message', 'Invalid JSON payload received.');
    const wrong = wrongWith(message);
    if (wrong) return wrong.own ? refuse(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', wrong.message) : invalid(wrong.field, wrong.message);
    return this.#take(ask, message as unknown as FirebaseMessage);
  }

  #take(ask: Ask, message: FirebaseMessage): Answer {
    const { token, data = {}, notification, android } = message;
    const state = this.#phones.stateOf(token);
    if (state === 'gone') return refuse(404, 'NOT_FOUND', 'UNREGISTERED', 'Requested entity was not found.');
    if (state === 'of_another_sender') return refuse(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH', 'SenderId mismatch');
    const name = `projects/${google.projectId}/messages/0:${ask.at}%${randomBytes(8).toString('hex')}`;
    const push = shown({
      // Theirs is new each time and says nothing; ours shows what was told twice.
      id: data.id ?? name,
      at: ask.at,
      to: token,
      from: 'Hearthline',
      platform: 'fcm',
      title: notification?.title,
      body: notification?.body,
      tag: android?.notification?.tag ?? android?.collapse_key ?? null,
      data,
      urgency: (android?.priority ?? 'NORMAL').toLowerCase(),
      until: android?.ttl === undefined ? null : ask.at + Number.parseFloat(android.ttl) * 1000,
    });
    return { status: 200, json: { name }, sent: [push] };
  }
}

function messageOf(ask: Ask): Record<string, unknown> | null {
  try {
    const body = jsonOf(ask);
    return isObject(body) && isObject(body.message) ? body.message : null;
  } catch {
    return null;
  }
}

const invalid = (field: string, description: string): Answer => ({
  status: 400,
  json: {
    error: {
      code: 400,
      message: description,
      status: 'INVALID_ARGUMENT',
      details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] }],
    },
  },
});
