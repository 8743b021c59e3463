/** Stripe's hosted pages: Checkout, and a bank that asks whether it is you. */
import type { Answer, Ask } from '../answer.ts';
import type { Account, Asking } from './account.ts';
import { cards } from './cards.ts';
import { confirm, refuse } from './charging.ts';
import { payAtCheckout, sessionOf } from './checkout.ts';
import { confirmSetup } from './intents.ts';
import type { LineItem, Session } from './objects.ts';
import { StripeProblem } from './problem.ts';
import { settle } from './subscriptions.ts';

export function hostedPage(account: Account, asking: Asking, ask: Ask, url: URL): Answer {
  const [, , kind, ...ids] = url.pathname.split('/');
  const form = new URLSearchParams(ask.method === 'POST' ? ask.body : '');
  try {
    if (kind === 'pay' && ids[0]) return checkout(account, asking, ids[0], ask.method === 'POST' ? form : null);
    if (kind === 'authenticate' && ids[0] && ids[1]) return authenticate(account, asking, ids[0], ids[1], form.get('answer'));
  } catch (thrown) {
    if (!(thrown instanceof StripeProblem)) throw thrown;
  }
  return page('Not found', '<h1>There is no such page</h1><p>It may be from before the sandbox was started.</p>', { status: 404 });
}

function checkout(account: Account, asking: Asking, id: string, form: URLSearchParams | null): Answer {
  const session = sessionOf(account, asking, id);
  const items = account.lineItems.get(id) ?? [];
  if (session.status === 'complete') return go(doneAt(session));
  if (session.status === 'expired')
    return page('Expired', '<h1>This page has expired</h1><p>Go back and begin again.</p>', { status: 410 });
  if (!form) return page('Pay', payForm(session, items, {}));
  const typed = Object.fromEntries(form) as Record<string, string>;
  const paid = payAtCheckout(account, asking, session, {
    number: typed.number ?? '',
    email: typed.email ?? '',
    name: typed.name ?? '',
    authenticated: typed.bank === 'yes',
  });
  if (typed.bank === 'no') return page('Pay', payForm(session, items, typed, 'Your bank could not confirm that it is you.'));
  if (paid.outcome === 'asks') return page('Your bank', bankForm(typed));
  if (paid.outcome === 'refused') return page('Pay', payForm(session, items, typed, paid.message), { status: 402 });
  return go(doneAt(session));
}

const doneAt = ({ success_url: url, id }: Session): string => url.replaceAll('{CHECKOUT_SESSION_ID}', id);

function authenticate(account: Account, asking: Asking, kind: string, id: string, said: string | null): Answer {
  const intent =
    kind === 'setup' ? account.find(account.setups, id, 'setupintent') : account.find(account.intents, id, 'payment_intent', 'intent');
  const back = intent.next_action?.redirect_to_url.return_url ?? null;
  if (said === null && intent.status === 'requires_action') return page('Your bank', bankForm({}));
  if (said !== null && intent.status === 'requires_action')
    (intent.object === 'setup_intent' ? answeredSetup : answeredPayment)(account, asking, id, said === 'yes');
  if (back === null) return page('Done', '<h1>You can close this page</h1>');
  const target = new URL(back);
  target.searchParams.set(intent.object, id);
  target.searchParams.set(`${intent.object}_client_secret`, intent.client_secret);
  target.searchParams.set('redirect_status', intent.status === 'succeeded' ? 'succeeded' : 'failed');
  return go(target.href);
}

const message = 'We are unable to authenticate your payment method. Please choose a different payment method and try again.';

function answeredSetup(account: Account, asking: Asking, id: string, isThem: boolean): void {
  const setup = account.find(account.setups, id, 'setupintent');
  if (isThem) {
    confirmSetup(account, asking, setup, { returnUrl: null, authenticated: true });
    return;
  }
  setup.status = 'requires_payment_method';
  setup.next_action = null;
  setup.last_setup_error = { type: 'card_error', code: 'setup_intent_authentication_failure', message };
  account.emit(asking, 'setup_intent.setup_failed', setup);
}

function answeredPayment(account: Account, asking: Asking, id: string, isThem: boolean): void {
  const intent = account.find(account.intents, id, 'payment_intent', 'intent');
  if (!isThem) {
    intent.next_action = null;
    refuse(account, asking, intent, { type: 'card_error', code: 'payment_intent_authentication_failure', message });
    return;
  }
  const error = confirm(account, asking, intent, { offSession: false, authenticated: true, returnUrl: null });
  const payment = [...account.invoicePayments.values()].find((each) => each.payment.payment_intent === id);
  if (error === null && payment) settle(account, asking, account.find(account.invoices, payment.invoice, 'invoice'), payment);
}

const go = (to: string): Answer => ({ status: 303, headers: { Location: to } });

const text = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency: currency.toUpperCase() }).format(amount / 100);

function payForm(session: Session, items: readonly LineItem[], typed: Readonly<Record<string, string>>, problem?: string): string {
  const lines = items
    .map(({ description, quantity, amount_total: amount, currency, price }) => {
      const every = price.recurring ? ` each ${price.recurring.interval}` : '';
      return `<li><span>${text(description)}${quantity > 1 ? ` × ${quantity}` : ''}</span><strong>${money(amount, currency)}${every}</strong></li>`;
    })
    .join('');
  const options = cards.map(({ number, says }) => `<option value="${number}">${text(says)}</option>`).join('');
  const listed = cards.map(({ number, says }) => `<li><code>${number}</code> <span>${text(says)}</span></li>`).join('');
  const email =
    session.customer === null
      ? field('email', 'E-mail', typed.email ?? session.customer_email ?? '', 'type="email" autocomplete="email"')
      : '';
  const total = session.mode === 'setup' ? 'Save this card' : `Pay ${money(session.amount_total, session.currency)}`;
  const back = session.cancel_url === null ? '' : `<p><a href="${text(session.cancel_url)}">Back without paying</a></p>`;
  return `<p class="mark">Test mode. No card is charged.</p>
    <h1>${session.mode === 'setup' ? 'Save a card' : 'Pay Hearthline'}</h1>
    <ul>${lines}</ul>
    ${problem === undefined ? '' : `<p class="problem" role="alert">${text(problem)}</p>`}
    <form method="post">${email}
    ${field('number', 'Card number', typed.number ?? '4242424242424242', 'inputmode="numeric" autocomplete="cc-number" list="cards" required')}
    <datalist id="cards">${options}</datalist>
    <details><summary>Test cards</summary><ul class="cards">${listed}</ul></details>
    ${field('name', 'Name on the card', typed.name ?? '', 'autocomplete="cc-name"')}
    <button>${total}</button></form>${back}`;
}

const field = (name: string, label: string, value: string, more: string): string =>
  `<label for="${name}">${label}</label><input id="${name}" name="${name}" value="${text(value)}" ${more}>`;

function bankForm(typed: Readonly<Record<string, string>>): string {
  const kept = Object.entries(typed)
    .filter(([name]) => name !== 'bank')
    .map(([name, value]) => `<input type="hidden" name="${text(name)}" value="${text(value)}">`)
    .join('');
  const name = Object.keys(typed).length > 0 ? 'bank' : 'answer';
  return `<p class="mark">Your bank, as the sandbox plays it.</p><h1>Is it you who pays?</h1>
    <form method="post">${kept}<button name="${name}" value="yes">Yes, it is me</button>
    <button class="other" name="${name}" value="no">No</button></form>`;
}

const STYLE = `:root{color-scheme:light dark;--ink:#26211c;--paper:#fdfaf5;--card:#fff;--line:#8b7f70;--mark:#0b6a5e;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#f1e9de;--paper:#1c1815;--card:#26211d;--line:#8f8273;--mark:#7fd3c4;--on:#0d2a26}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,sans-serif}
main{max-width:30rem;margin:0 auto;padding:2rem 1.25rem}h1{font-size:1.75rem;line-height:1.3;margin:.5rem 0 1rem}
ul{list-style:none;margin:0 0 1rem;padding:0}li{display:flex;justify-content:space-between;gap:1rem;flex-wrap:wrap}
label{display:block;margin:1rem 0 .25rem;font-weight:600}
input{width:100%;min-height:3rem;padding:0 .75rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
button{width:100%;min-height:3rem;margin-top:1.5rem;font:inherit;font-weight:700;color:var(--on);background:var(--mark);border:1px solid var(--mark);border-radius:.5rem;cursor:pointer}
.other{color:inherit;background:var(--card)}a{color:var(--mark)}:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
.cards{margin:.5rem 0;font-size:.9375rem}summary{padding:.5rem 0;cursor:pointer}code{font-variant-numeric:tabular-nums}.mark{margin:0;font-weight:600}.problem{padding:.75rem;border:2px solid currentColor;border-radius:.5rem}`;

function page(title: string, body: string, { status = 200 }: { status?: number } = {}): Answer {
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      // The answer to the form leads on to the app, wherever that stands.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; form-action *; base-uri 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
    },
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <title>${text(title)} – Stripe, as the sandbox plays it</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`,
  };
}
