/** Who answers for which outside service; no sockets here, so that tests can be the outside world in process. */
import { type Answer, type Ask, jsonOf, type Silence, type StandIn, silence } from './answer.ts';
import { Faults, readFaultOrder } from './faults.ts';
import { PlayApi } from './mobile/google.ts';
import { oidcKeys } from './mobile/oidc.ts';
import { MobileStore } from './mobile/store.ts';
import { Outbox } from './outbox.ts';
import { ApplePush } from './push/apple.ts';
import { Firebase } from './push/firebase.ts';
import { GoogleTokens } from './push/google-token.ts';
import { OneSignal } from './push/onesignal.ts';
import { Phones, readPhone } from './push/phones.ts';
import { sendgrid } from './sendgrid.ts';
import { tellOf } from './sendgrid-events.ts';
import { SendGridLists } from './sendgrid-lists.ts';
import { Deliveries, type Send } from './shop/deliveries.ts';
import { ShopDesk } from './shop/desk.ts';
import { StripeApi } from './stripe/api.ts';
import { StripeShop } from './stripe/shop.ts';
import { twilio } from './twilio.ts';
import { type BrowserLine, noBrowsers, WebPushService } from './webpush/service.ts';

/** How strict the outside is where a desk and a test differ. */
export interface OutsideOptions {
  /** Browsers that take their messages here themselves. */
  readonly browsers?: BrowserLine;
  /** False where several desks share Apple's key, as tests do: then new tokens of it are not counted. */
  readonly countsRenewals?: boolean;
  /** Who hands the Worker what it is told of payments; left out: it is held until it is taken. */
  readonly send?: Send;
}

export class Outside {
  readonly outbox = new Outbox();
  readonly faults = new Faults();
  readonly phones = new Phones();
  readonly deliveries: Deliveries;
  readonly #lists = new SendGridLists();
  readonly #shop: ShopDesk;
  readonly #standIns: readonly StandIn[];

  constructor({ browsers = noBrowsers, countsRenewals = true, send }: OutsideOptions = {}) {
    this.deliveries = new Deliveries(send ?? null);
    const bearers = new GoogleTokens();
    const stripe = new StripeApi(this.deliveries);
    const phones = new MobileStore(this.deliveries);
    this.#shop = new ShopDesk({ stripe: new StripeShop(stripe.account), phones }, this.deliveries);
    this.#standIns = [
      sendgrid,
      this.#lists,
      twilio,
      new WebPushService(browsers),
      new ApplePush(this.phones, countsRenewals),
      bearers,
      new Firebase(this.phones, bearers),
      new OneSignal(this.phones),
      stripe,
      oidcKeys,
      new PlayApi(phones, bearers),
    ];
  }

  /** What the outside world answers; what it took is in the outbox afterwards. */
  async answer(ask: Ask): Promise<Answer | Silence> {
    const path = new URL(ask.path, 'http://sandbox').pathname;
    const standIn = this.#standIns.find((each) => each.serves(path));
    if (!standIn) return this.#ownAnswer(ask, path);
    const fault = this.faults.take(standIn.service, standIn.recipientOf(ask));
    if (fault) return fault.status === 'silence' ? silence : standIn.refuse(fault);
    const answer = await standIn.answer(ask);
    for (const message of answer.sent ?? []) this.outbox.add(message);
    return answer;
  }

  /** What the desk and its tests ask of the sandbox itself. */
  #ownAnswer(ask: Ask, path: string): Answer | Promise<Answer> {
    if (this.#shop.serves(path)) return this.#shop.answer(ask, path);
    const read = ask.method === 'GET' || ask.method === 'HEAD';
    if (read && path === '/health') return { status: 200, json: { status: 'ok' } };
    if (read && path === '/api/messages') {
      const to = new URL(ask.path, 'http://sandbox').searchParams.get('to');
      return { status: 200, json: { items: this.outbox.list(to) } };
    }
    if (path === '/api/mail-events' && ask.method === 'POST') return tellOf(this.outbox, this.#lists, ask);
    if (path === '/api/faults' && ask.method === 'POST') return ordered(ask, readFaultOrder, (order) => this.faults.add(order));
    if (path === '/api/phones' && ask.method === 'PUT')
      return ordered(ask, readPhone, ({ token, state }) => this.phones.set(token, state, ask.at));
    if (path === '/api/faults' && ask.method === 'DELETE') {
      this.faults.clear();
      return { status: 204 };
    }
    return { status: 404, json: { error: `nothing stands in for ${path}` } };
  }
}

/** Reads what is asked for, and does it; or says what is wrong with it. */
function ordered<T extends object>(ask: Ask, read: (body: unknown) => T | string, carryOut: (order: T) => void): Answer {
  let body: unknown;
  try {
    body = jsonOf(ask);
  } catch {
    return { status: 400, json: { error: 'this is no JSON' } };
  }
  const order = read(body);
  if (typeof order === 'string') return { status: 400, json: { error: order } };
  carryOut(order);
  return { status: 204 };
}
