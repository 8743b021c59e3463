/** A person's HTTP: signs in by code, signs in again before the token is over, and gives every answer a time limit. */

export interface Answer {
  /** 0 where none came. */
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the checks
  readonly body: any;
}

const LIMIT_MS = 60_000;
/** Tokens live fifteen minutes. */
const SIGN_IN_AFTER_MS = 10 * 60_000;

export class Client {
  readonly origin: string;
  readonly email: string;
  #token = '';
  #signedInAt = Number.NEGATIVE_INFINITY;
  userId = '';

  constructor(origin: string, email: string) {
    this.origin = origin;
    this.email = email;
  }

  /** @throws Error where the person can't sign in */
  async signIn(): Promise<void> {
    if (performance.now() - this.#signedInAt < SIGN_IN_AFTER_MS) return;
    const started = await this.#ask('POST', '/auth/otp/start', { email: this.email });
    const { challengeId, devCode } = started.body ?? {};
    const verified = await this.#ask('POST', '/auth/otp/verify', { challengeId, code: devCode });
    if (verified.status !== 200) throw new Error(`${this.email} can’t sign in: ${JSON.stringify([started, verified])}`);
    this.#token = verified.body.accessToken;
    this.userId = verified.body.user.id;
    this.#signedInAt = performance.now();
  }

  get(path: string): Promise<Answer> {
    return this.#ask('GET', path);
  }

  post(path: string, body: object = {}, key?: string): Promise<Answer> {
    return this.#ask('POST', path, body, key);
  }

  put(path: string, body: object): Promise<Answer> {
    return this.#ask('PUT', path, body);
  }

  /** @throws Error for an answer that is no success */
  async must(answer: Promise<Answer>): Promise<Answer['body']> {
    const { status, body } = await answer;
    if (status < 200 || status > 299) throw new Error(`${this.email}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  async #ask(method: string, path: string, body?: object, key?: string): Promise<Answer> {
    try {
      const response = await fetch(`${this.origin}/api/v1${path}`, {
        method,
        headers: {
          ...(this.#token ? { Authorization: `Bearer ${this.#token}` } : {}),
          ...(body ? { 'Content-Type': 'application/json' } : {}),
          ...(key ? { 'Idempotency-Key': key } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    } catch (thrown) {
      return { status: 0, body: String(thrown) };
    }
  }
}
