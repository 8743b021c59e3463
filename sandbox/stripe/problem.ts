/** How Stripe says that something is wrong: a status and `{error: {type, code, message, param, …}}`. */
import type { Answer } from '../answer.ts';

interface Details {
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
  /** The payment as it stands after a card was declined. */
  readonly payment_intent?: object;
  readonly setup_intent?: object;
}

export class StripeProblem extends Error {
  readonly status: number;
  readonly type: string;
  readonly details: Details;

  constructor(status: number, type: string, message: string, details: Details = {}) {
    super(message);
    this.status = status;
    this.type = type;
    this.details = details;
  }

  get answer(): Answer {
    const { code } = this.details;
    const doc = code === undefined ? {} : { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` };
    return { status: this.status, json: { error: { ...this.details, ...doc, message: this.message, type: this.type } } };
  }
}

export const invalid = (message: string, details: Details = {}): StripeProblem =>
  new StripeProblem(400, 'invalid_request_error', message, details);

export const missing = (what: string, id: string, param = 'id'): StripeProblem =>
  new StripeProblem(param === 'id' || param === 'intent' ? 404 : 400, 'invalid_request_error', `No such ${what}: '${id}'`, {
    code: 'resource_missing',
    param,
  });

export const unexpected = (code: string, message: string, details: Details = {}): StripeProblem =>
  new StripeProblem(400, 'invalid_request_error', message, { code, ...details });

export const declined = (message: string, details: Details): StripeProblem => new StripeProblem(402, 'card_error', message, details);
