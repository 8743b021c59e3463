/** Customers, their saved cards, and what is sold at Stripe. */
import { type Account, type Asking, born } from './account.ts';
import { methodNamed } from './cards.ts';
import type { Fields } from './fields.ts';
import type { Customer, PaymentMethod, Price } from './objects.ts';
import { invalid, missing, unexpected } from './problem.ts';

export function createCustomer(account: Account, fields: Fields, asking: Asking): Customer {
  const customer: Customer = {
    ...born('cus', asking.at),
    email: emailIn(fields, 'email') ?? null,
    name: fields.text('name') ?? null,
    phone: fields.text('phone') ?? null,
    metadata: fields.metadata(),
    invoice_settings: { default_payment_method: null },
  };
  fields.text('description');
  fields.texts('preferred_locales');
  account.customers.set(customer.id, customer);
  account.emit(asking, 'customer.created', customer);
  return customer;
}

export function updateCustomer(account: Account, fields: Fields, asking: Asking, id: string): Customer {
  const customer = customerOf(account, id);
  if (fields.has('email')) customer.email = emailIn(fields, 'email') ?? null;
  if (fields.has('name')) customer.name = fields.text('name') ?? null;
  if (fields.has('phone')) customer.phone = fields.text('phone') ?? null;
  customer.metadata = fields.metadata(customer.metadata);
  const settings = fields.inside('invoice_settings');
  const method = settings?.text('default_payment_method');
  if (method !== undefined) customer.invoice_settings = { default_payment_method: ownMethod(account, method, id).id };
  account.emit(asking, 'customer.updated', customer);
  return customer;
}

/** @throws StripeProblem where there is none, or none any more */
export function customerOf(account: Account, id: string, param = 'id'): Customer {
  const customer = account.find(account.customers, id, 'customer', param);
  if (customer.deleted) throw missing('customer', id, param);
  return customer;
}

export function deleteCustomer(account: Account, asking: Asking, id: string): object {
  const customer = customerOf(account, id);
  customer.deleted = true;
  account.emit(asking, 'customer.deleted', customer);
  return { id, object: 'customer', deleted: true };
}

function emailIn(fields: Fields, name: string): string | undefined {
  const email = fields.text(name);
  if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    throw unexpected('email_invalid', `Invalid email address: ${email}`, { param: name });
  return email;
}

/** A saved card of this customer. */
export function ownMethod(account: Account, id: string, customer: string): PaymentMethod {
  const method = account.find(account.methods, id, 'PaymentMethod', 'payment_method');
  if (method.customer === customer) return method;
  throw invalid('The customer does not have a payment method with the ID given. The payment method must be attached to the customer.', {
    code: 'resource_missing',
    param: 'payment_method',
  });
}

export function attachMethod(account: Account, fields: Fields, asking: Asking, id: string): PaymentMethod {
  const customer = customerOf(account, fields.required('customer'), 'customer');
  const method = methodNamed(account, id, asking.at, 'id');
  if (method.customer !== null && method.customer !== customer.id)
    throw invalid('The payment method you provided has already been attached to a customer.');
  method.customer = customer.id;
  account.emit(asking, 'payment_method.attached', method);
  return method;
}

export function detachMethod(account: Account, asking: Asking, id: string): PaymentMethod {
  const method = account.find(account.methods, id, 'PaymentMethod');
  if (method.customer === null) throw invalid('The payment method you provided is not attached to a customer so detachment is impossible.');
  const owner = account.customers.get(method.customer);
  if (owner?.invoice_settings.default_payment_method === id) owner.invoice_settings.default_payment_method = null;
  const previous = { customer: method.customer };
  method.customer = null;
  account.emit(asking, 'payment_method.detached', method, previous);
  return method;
}

/**
 * A price by its id. The desk's account has every price whose id says its terms, so that a catalogue needs nothing made here
 * first: `price_desk_eur_499`, `price_desk_usd_999_month`, each with `_` and a name of its own behind it if wanted.
 */
export function priceOf(account: Account, id: string, param: string): Price {
  const known = account.prices.get(id);
  if (known) {
    if (!known.active) throw invalid('The price specified is inactive. This field only accepts active prices.', { param });
    return known;
  }
  const [, currency, amount, interval, name = 'thing'] =
    /^price_desk_([a-z]{3})_([1-9]\d{0,6})(?:_(month|year))?(?:_(\w+))?$/.exec(id) ?? [];
  if (currency === undefined || amount === undefined) throw missing('price', id, param);
  const product = `prod_desk_${name}`;
  if (!account.products.has(product))
    account.products.set(product, {
      id: product,
      object: 'product',
      created: 0,
      livemode: false,
      active: true,
      name: name.replaceAll('_', ' '),
      metadata: {},
    });
  const price: Price = {
    id,
    object: 'price',
    created: 0,
    livemode: false,
    active: true,
    currency,
    unit_amount: Number(amount),
    product,
    lookup_key: null,
    metadata: {},
    type: interval === undefined ? 'one_time' : 'recurring',
    recurring: interval === undefined ? null : { interval: interval as 'month' | 'year', interval_count: 1 },
  };
  account.prices.set(id, price);
  return price;
}

export function createProduct(account: Account, fields: Fields, asking: Asking): object {
  const product = {
    ...born('prod', asking.at),
    active: fields.flag('active') ?? true,
    name: fields.required('name'),
    metadata: fields.metadata(),
  };
  const id = fields.text('id') ?? product.id;
  fields.text('description');
  if (account.products.has(id)) throw unexpected('resource_already_exists', `Product already exists.`, { param: 'id' });
  account.products.set(id, { ...product, id });
  return { ...product, id };
}

/** Terms of a price, as `/v1/prices` and `price_data` say them alike. */
export function createPrice(account: Account, fields: Fields, asking: Asking): Price {
  const currency = fields.currency('currency');
  const amount = fields.whole('unit_amount', 0);
  if (amount === undefined) throw unexpected('parameter_missing', 'Missing required param: unit_amount.', { param: 'unit_amount' });
  const recurring = fields.inside('recurring');
  const interval = recurring?.oneOf('interval', ['month', 'year']);
  const count = recurring?.whole('interval_count', 1) ?? 1;
  recurring?.done();
  if (recurring && interval === undefined) throw unexpected('parameter_missing', 'Missing required param: recurring[interval].');
  const price: Price = {
    ...born('price', asking.at),
    active: fields.flag('active') ?? true,
    currency,
    unit_amount: amount,
    product: productIn(account, fields, asking),
    lookup_key: fields.text('lookup_key') ?? null,
    metadata: fields.metadata(),
    type: interval === undefined ? 'one_time' : 'recurring',
    recurring: interval === undefined ? null : { interval, interval_count: count },
  };
  fields.text('nickname');
  account.prices.set(price.id, price);
  return price;
}

function productIn(account: Account, fields: Fields, asking: Asking): string {
  const named = fields.text('product');
  const data = fields.inside('product_data');
  if ((named === undefined) === (data === undefined)) throw invalid('You must specify either `product` or `product_data`.');
  if (named !== undefined) return account.find(account.products, named, 'product', 'product').id;
  const product = { ...born('prod', asking.at), active: true, name: data?.required('name') ?? '', metadata: data?.metadata() ?? {} };
  data?.text('description');
  data?.done();
  account.products.set(product.id, product);
  return product.id;
}
