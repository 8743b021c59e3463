/** A person over HTTP, beside their browser: for staff's acts, and to ask the books what the screen claims. */
import assert from 'node:assert/strict';
import type { Receipt } from '../../worker/protocol/call/call.ts';
import { onboardingStep } from '../../worker/protocol/http/comfort.ts';
import type { BalanceEvent } from '../../worker/protocol/http/me.ts';
import type { TariffTerms } from '../../worker/protocol/http/tariffs.ts';
import type { Unit } from '../../worker/protocol/money.ts';
import { ChatDevice } from './chat-device.ts';
import { PATIENCE_MS } from './harness.ts';

export interface Proof {
  readonly units: readonly { unit: Unit; sum: number; mismatches: number; belowFloor: number }[];
  readonly seals: { broken: number };
  readonly pairs: { missing: number };
}

export class Person {
  readonly #origin: string;
  readonly #token: string;
  readonly id: string;

  private constructor(origin: string, token: string, id: string) {
    this.#origin = origin;
    this.#token = token;
    this.id = id;
  }

  /** Signs in with the code that a local stack tells. The first time makes a member. */
  static async signIn(origin: string, email: string): Promise<Person> {
    const started = await post(origin, '/auth/otp/start', { email });
    const verified = await post(origin, '/auth/otp/verify', { challengeId: started.challengeId, code: started.devCode });
    return new Person(origin, verified.accessToken, verified.user.id);
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the journeys
  async ask(method: string, path: string, body?: unknown, key?: string): Promise<any> {
    return ask(this.#origin, method, path, body, this.#token, key);
  }

  /** A device of theirs in a conversation, beside any browser. */
  async enterChat(chatId: string): Promise<ChatDevice> {
    const { ticket } = await this.ask('POST', '/tickets', { scope: `chat:${chatId}` });
    return ChatDevice.open(this.#origin, chatId, ticket);
  }

  async setSetting(key: string, value: unknown): Promise<void> {
    await this.ask('PUT', `/admin/settings/${key}`, { value });
  }

  /** Drafts and publishes: calls placed from now on follow it where it matches best. */
  async putTariffInForce(terms: TariffTerms): Promise<void> {
    const { tariff } = await this.ask('POST', '/admin/tariffs', terms);
    await this.ask('POST', `/admin/tariffs/${tariff.id}/publish`, {});
  }

  /** Home instead of the six steps. */
  async skipFirstVisit(): Promise<void> {
    const steps = Object.fromEntries(onboardingStep.options.map((step) => [step, 'skipped']));
    await this.ask('PATCH', '/me', { comfort: { onboarding: steps } });
  }

  async topUp(amount: number): Promise<void> {
    await this.ask('POST', '/wallet/topups', { amount });
  }

  async balance(unit: Unit): Promise<number> {
    const { balances } = await this.ask('GET', '/me/balance');
    return balances.find((balance: { unit: Unit }) => balance.unit === unit)?.amount ?? 0;
  }

  /** Every change of a unit so far, oldest first. */
  async events(unit: Unit): Promise<BalanceEvent[]> {
    const all: BalanceEvent[] = [];
    let after = '';
    for (;;) {
      const { items, cursor } = await this.ask('GET', `/me/balance/events?limit=100${after}`);
      all.push(...items);
      if (items.length < 100) return all.filter((event) => event.unit === unit);
      after = `&after=${encodeURIComponent(cursor)}`;
    }
  }

  /** The call this person had last, with its receipt once everything is posted. */
  async lastCall(): Promise<{
    id: string;
    state: string;
    endReason: string | null;
    connectedMs: number;
    settled: boolean;
    resumes: string | null;
  }> {
    const { items } = await this.ask('GET', '/calls?limit=1');
    assert.equal(items.length, 1, 'there is a call');
    return items[0].call;
  }

  async receipt(callId: string): Promise<Receipt> {
    return this.ask('GET', `/calls/${callId}/receipt`);
  }

  proof(): Promise<Proof> {
    return this.ask('GET', '/admin/ledger/proof');
  }
}

const post = (origin: string, path: string, body: unknown) => ask(origin, 'POST', path, body);

async function ask(origin: string, method: string, path: string, body?: unknown, token?: string, key: string = crypto.randomUUID()) {
  const response = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}
