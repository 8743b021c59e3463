/** The shop as its page and the tests ask for it: what was sold, what can be done to it, and what the Worker was told. */
import { type Answer, type Ask, isObject, jsonOf } from '../answer.ts';
import { signedTransactionOf } from '../mobile/apple.ts';
import { lastOf } from '../mobile/bought.ts';
import { type MobileStore, readWish } from '../mobile/store.ts';
import type { Deliveries } from './deliveries.ts';
import { forgedAt } from './forgeries.ts';
import { type Item, type Store, verbs } from './store.ts';

const orders = ['as_made', 'backwards', 'shuffled'] as const;

export class ShopDesk {
  readonly #stores: readonly Store[];
  readonly #phones: MobileStore;
  readonly #deliveries: Deliveries;

  constructor({ stripe, phones }: { stripe: Store; phones: MobileStore }, deliveries: Deliveries) {
    this.#stores = [stripe, phones];
    this.#phones = phones;
    this.#deliveries = deliveries;
  }

  serves(path: string): boolean {
    return path === '/api/shop' || path.startsWith('/api/shop/');
  }

  async answer(ask: Ask, path: string): Promise<Answer> {
    if (path === '/api/shop' && ask.method === 'GET') return { status: 200, json: this.#view() };
    if (path === '/api/shop/forgeries' && ask.method === 'GET') return { status: 200, json: { items: await forgedAt(ask.at) } };
    const body = bodyOf(ask);
    if (ask.method !== 'POST' || !body) return refuse(400, 'a POST with a JSON object is asked for');
    if (path === '/api/shop/act') return this.#act(body, ask.at);
    if (path === '/api/shop/purchases') return this.#buy(body, ask.at);
    if (path === '/api/shop/transactions') return this.#handedOn(body, ask.at);
    if (path === '/api/shop/webhooks') return this.#webhooks(body, ask.at);
    return refuse(404, `the shop has nothing at ${path}`);
  }

  #view(): object {
    const items: Item[] = this.#stores.flatMap((store) => store.items()).sort((a, b) => b.at - a.at);
    return { items, deliveries: this.#deliveries.list(), isHeld: this.#deliveries.isHeld };
  }

  #act(body: Record<string, unknown>, at: number): Answer {
    const verb = verbs.find((known) => known === body.verb);
    if (!verb || typeof body.id !== 'string') return refuse(400, `say {id, verb} with a verb of ${verbs.join(', ')}`);
    const order = { id: body.id, verb, at };
    try {
      if (this.#stores.some((store) => store.act(order))) return { status: 200, json: this.#view() };
      return refuse(404, 'there is nothing with this id');
    } catch (thrown) {
      return refuse(409, (thrown as Error).message);
    }
  }

  /** Somebody buys on a phone. */
  #buy(body: Record<string, unknown>, at: number): Answer {
    const wish = readWish(body);
    if (typeof wish === 'string') return refuse(400, wish);
    const { id, token } = this.#phones.buy(wish, at);
    return { status: 200, json: { id, purchaseToken: token } };
  }

  /** What the app on the phone gets of its last payment at Apple, signed. */
  async #handedOn({ id }: Record<string, unknown>, at: number): Promise<Answer> {
    const bought = this.#phones.get(String(id));
    if (bought?.store !== 'apple') return refuse(404, 'nothing was bought at Apple under this id');
    return { status: 200, json: { signedTransaction: await signedTransactionOf(bought, lastOf(bought), at) } };
  }

  /** `{do: hold}`, `{do: release, order}`, `{do: again, id, times}`, and for tests `{do: take, about?}`: the calls instead of sending them. */
  async #webhooks(body: Record<string, unknown>, at: number): Promise<Answer> {
    const { id, times = 1, order = 'as_made', about } = body;
    if (body.do === 'hold') this.#deliveries.isHeld = true;
    else if (body.do === 'take')
      return { status: 200, json: { calls: await this.#deliveries.take(at, typeof about === 'string' ? about : null) } };
    else if (body.do === 'again') {
      if (typeof id !== 'string' || !Number.isInteger(times) || Number(times) < 1 || Number(times) > 20)
        return refuse(400, 'say {id, times} with at most 20');
      if (!(await this.#deliveries.again(id, Number(times)))) return refuse(404, 'there is no delivery with this id');
    } else if (body.do === 'release') {
      const known = orders.find((each) => each === order);
      if (!known) return refuse(400, `order must be one of ${orders.join(', ')}`);
      await this.#deliveries.release(known);
    } else return refuse(400, 'do must be one of hold, release, again, take');
    return { status: 200, json: this.#view() };
  }
}

const refuse = (status: number, error: string): Answer => ({ status, json: { error } });

function bodyOf(ask: Ask): Record<string, unknown> | null {
  try {
    const body = jsonOf(ask);
    return isObject(body) ? body : null;
  } catch {
    return null;
  }
}
