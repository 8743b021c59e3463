/** What can be asked of Stripe here: method and address, and who answers. */
import type { Account, Asking } from './account.ts';
import { createSession, expire, sessionOf } from './checkout.ts';
import {
  attachMethod,
  createCustomer,
  createPrice,
  createProduct,
  customerOf,
  deleteCustomer,
  detachMethod,
  priceOf,
  updateCustomer,
} from './customers.ts';
import type { Fields } from './fields.ts';
import { cancelIntent, confirmIntent, createIntent, createSetup } from './intents.ts';
import type { ListOf } from './objects.ts';
import { pageOf } from './reading.ts';
import { createRefund } from './refunds.ts';
import { createSubscription, endNow, updateSubscription } from './subscriptions.ts';

export type Handler = (account: Account, fields: Fields, asking: Asking, id: string) => object;

/** Of a list only those with this value of a field, where the field is asked for. */
function filtered<Item extends { id: string; created?: number }>(
  items: Iterable<Item>,
  fields: Fields,
  url: string,
  names: readonly (keyof Item & string)[],
): ListOf<Item> {
  const wanted = names.flatMap((name) => {
    const value = fields.text(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return pageOf(
    [...items].filter((item) => wanted.every(([name, value]) => String(item[name]) === value)),
    fields,
    url,
  );
}

/** Whose addresses have an id in them: `:id`. The first that fits answers. */
export const routes: readonly (readonly [method: 'GET' | 'POST' | 'DELETE', path: string, handler: Handler])[] = [
  ['POST', '/v1/customers', createCustomer],
  ['GET', '/v1/customers', (account, fields) => filtered(account.customers.values(), fields, '/v1/customers', ['email'])],
  ['GET', '/v1/customers/:id', (account, _, __, id) => account.find(account.customers, id, 'customer')],
  ['POST', '/v1/customers/:id', updateCustomer],
  ['DELETE', '/v1/customers/:id', (account, _, asking, id) => deleteCustomer(account, asking, id)],
  [
    'GET',
    '/v1/customers/:id/payment_methods',
    (account, fields, _, id) => {
      fields.oneOf('type', ['card']);
      const { id: customer } = customerOf(account, id);
      return pageOf(
        [...account.methods.values()].filter((each) => each.customer === customer),
        fields,
        `/v1/customers/${id}/payment_methods`,
      );
    },
  ],
  ['POST', '/v1/products', createProduct],
  ['GET', '/v1/products/:id', (account, _, __, id) => account.find(account.products, id, 'product')],
  ['POST', '/v1/prices', createPrice],
  ['GET', '/v1/prices/:id', (account, _, __, id) => priceOf(account, id, 'id')],
  [
    'GET',
    '/v1/payment_methods',
    (account, fields) => {
      fields.oneOf('type', ['card']);
      return filtered(account.methods.values(), fields, '/v1/payment_methods', ['customer']);
    },
  ],
  ['GET', '/v1/payment_methods/:id', (account, _, __, id) => account.find(account.methods, id, 'PaymentMethod')],
  ['POST', '/v1/payment_methods/:id/attach', attachMethod],
  ['POST', '/v1/payment_methods/:id/detach', (account, _, asking, id) => detachMethod(account, asking, id)],
  ['POST', '/v1/payment_intents', createIntent],
  ['GET', '/v1/payment_intents', (account, fields) => filtered(account.intents.values(), fields, '/v1/payment_intents', ['customer'])],
  ['GET', '/v1/payment_intents/:id', (account, _, __, id) => account.find(account.intents, id, 'payment_intent', 'intent')],
  ['POST', '/v1/payment_intents/:id/confirm', confirmIntent],
  ['POST', '/v1/payment_intents/:id/cancel', cancelIntent],
  ['POST', '/v1/setup_intents', createSetup],
  ['GET', '/v1/setup_intents/:id', (account, _, __, id) => account.find(account.setups, id, 'setupintent', 'intent')],
  ['GET', '/v1/charges', (account, fields) => filtered(account.charges.values(), fields, '/v1/charges', ['customer', 'payment_intent'])],
  ['GET', '/v1/charges/:id', (account, _, __, id) => account.find(account.charges, id, 'charge')],
  ['POST', '/v1/refunds', createRefund],
  ['GET', '/v1/refunds', (account, fields) => filtered(account.refunds.values(), fields, '/v1/refunds', ['charge', 'payment_intent'])],
  ['GET', '/v1/refunds/:id', (account, _, __, id) => account.find(account.refunds, id, 'refund')],
  ['GET', '/v1/disputes', (account, fields) => filtered(account.disputes.values(), fields, '/v1/disputes', ['charge', 'payment_intent'])],
  ['GET', '/v1/disputes/:id', (account, _, __, id) => account.find(account.disputes, id, 'dispute')],
  [
    'GET',
    '/v1/balance_transactions',
    (account, fields) => filtered(account.transactions.values(), fields, '/v1/balance_transactions', ['type', 'source', 'currency']),
  ],
  ['GET', '/v1/balance_transactions/:id', (account, _, __, id) => account.find(account.transactions, id, 'balance_transaction')],
  ['POST', '/v1/checkout/sessions', createSession],
  [
    'GET',
    '/v1/checkout/sessions',
    (account, fields) =>
      filtered(account.sessions.values(), fields, '/v1/checkout/sessions', ['customer', 'payment_intent', 'subscription', 'status']),
  ],
  ['GET', '/v1/checkout/sessions/:id', (account, _, asking, id) => sessionOf(account, asking, id)],
  ['POST', '/v1/checkout/sessions/:id/expire', (account, _, asking, id) => expire(account, asking, sessionOf(account, asking, id))],
  [
    'GET',
    '/v1/checkout/sessions/:id/line_items',
    (account, fields, asking, id) =>
      pageOf(account.lineItems.get(sessionOf(account, asking, id).id) ?? [], fields, `/v1/checkout/sessions/${id}/line_items`),
  ],
  ['POST', '/v1/subscriptions', createSubscription],
  [
    'GET',
    '/v1/subscriptions',
    (account, fields) => filtered(account.subscriptions.values(), fields, '/v1/subscriptions', ['customer', 'status']),
  ],
  ['GET', '/v1/subscriptions/:id', (account, _, __, id) => account.find(account.subscriptions, id, 'subscription')],
  ['POST', '/v1/subscriptions/:id', updateSubscription],
  [
    'DELETE',
    '/v1/subscriptions/:id',
    (account, _, asking, id) => endNow(account, asking, account.find(account.subscriptions, id, 'subscription')),
  ],
  ['GET', '/v1/invoices', (account, fields) => filtered(account.invoices.values(), fields, '/v1/invoices', ['customer', 'status'])],
  ['GET', '/v1/invoices/:id', (account, _, __, id) => account.find(account.invoices, id, 'invoice')],
  [
    'GET',
    '/v1/invoice_payments',
    (account, fields) => {
      const of = fields.inside('payment');
      of?.oneOf('type', ['payment_intent']);
      const intent = of?.text('payment_intent');
      of?.done();
      const fits = [...account.invoicePayments.values()].filter(({ payment }) => intent === undefined || payment.payment_intent === intent);
      return filtered(fits, fields, '/v1/invoice_payments', ['invoice', 'status']);
    },
  ],
  ['GET', '/v1/events', (account, fields) => filtered(account.events.values(), fields, '/v1/events', ['type'])],
  ['GET', '/v1/events/:id', (account, _, __, id) => account.find(account.events, id, 'event')],
];
