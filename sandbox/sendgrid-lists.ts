/**
 * SendGrid's own lists of addresses that mail came back from: filled by what is told of mails here, emptied by
 * `DELETE /v3/suppression/{bounces,invalid_emails}/{email}`, which answers 204, or 404 for an address that is not on it.
 */
import type { Answer, Ask, StandIn } from './answer.ts';
import { sendgrid } from './sendgrid.ts';

const PATH = /^\/v3\/suppression\/(bounces|invalid_emails)\/([^/]+)$/;

export class SendGridLists implements StandIn {
  readonly service = 'sendgrid';
  readonly refuse = sendgrid.refuse;
  readonly #bounced = new Map<string, number>();

  /** @param at ms since the epoch */
  bounced(address: string, at: number): void {
    this.#bounced.set(address.toLowerCase(), at);
  }

  serves(path: string): boolean {
    return PATH.test(path);
  }

  recipientOf(ask: Ask): string {
    return addressIn(ask);
  }

  answer(ask: Ask): Answer {
    if (!/^Bearer SG\.\S+$/.test(ask.headers.authorization ?? ''))
      return {
        status: 401,
        json: { errors: [{ message: 'The provided authorization grant is invalid, expired, or revoked', field: null, help: null }] },
      };
    const address = addressIn(ask);
    const since = PATH.exec(pathOf(ask))?.[1] === 'bounces' ? this.#bounced.get(address) : undefined;
    if (ask.method === 'GET')
      return { status: 200, json: since === undefined ? [] : [{ created: Math.floor(since / 1_000), email: address, status: '5.1.1' }] };
    if (ask.method !== 'DELETE') return { status: 405, json: { errors: [{ message: 'method not allowed', field: null, help: null }] } };
    if (since === undefined) return { status: 404, json: { errors: [{ message: 'resource not found', field: null, help: null }] } };
    this.#bounced.delete(address);
    return { status: 204 };
  }
}

const pathOf = (ask: Ask): string => new URL(ask.path, 'http://sandbox').pathname;
const addressIn = (ask: Ask): string => decodeURIComponent(PATH.exec(pathOf(ask))?.[2] ?? '').toLowerCase();
