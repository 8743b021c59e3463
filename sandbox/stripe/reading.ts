/** Lists, and other objects in place of their ids (`expand`). */
import type { Account } from './account.ts';
import type { Fields } from './fields.ts';
import type { ListOf } from './objects.ts';
import { invalid } from './problem.ts';

interface Listed {
  readonly id: string;
  readonly created?: number;
}

/** A page of a list, newest first, as `limit`, `starting_after` and `created` ask for it. */
export function pageOf<Item extends Listed>(items: Iterable<Item>, fields: Fields, url: string): ListOf<Item> {
  const limit = fields.whole('limit', 1) ?? 10;
  if (limit > 100) throw invalid('Invalid limit: must be at most 100', { param: 'limit' });
  const after = fields.text('starting_after');
  const before = fields.text('ending_before');
  const range = fields.inside('created');
  const [gte = 0, gt = -1] = [range?.whole('gte', 0), range?.whole('gt', 0)];
  const [lte = Infinity, lt = Infinity] = [range?.whole('lte', 0), range?.whole('lt', 0)];
  range?.done();
  fields.done();
  const fits = ({ created = 0 }: Listed) => created >= gte && created > gt && created <= lte && created < lt;
  const all = [...items].reverse().filter(fits);
  const named = (id: string): number => {
    const at = all.findIndex((item) => item.id === id);
    if (at === -1) throw invalid(`No such object: '${id}'`, { code: 'resource_missing', param: 'starting_after' });
    return at;
  };
  const from = after === undefined ? 0 : named(after) + 1;
  const rest = before === undefined ? all.slice(from) : all.slice(0, named(before));
  const data = before === undefined ? rest.slice(0, limit) : rest.slice(-limit);
  return { object: 'list', data, has_more: rest.length > data.length, url };
}

/** An object as it is answered: a copy, with what `expand` names in place of ids. */
export function expanded(account: Account, object: object, paths: readonly string[]): object {
  const copy = structuredClone(object) as Record<string, unknown>;
  for (const path of paths) expandInto(account, copy, path.split('.'), path);
  return copy;
}

function expandInto(account: Account, at: Record<string, unknown>, [name = '', ...rest]: readonly string[], path: string): void {
  if (name === 'data' && Array.isArray(at.data)) {
    for (const item of at.data as Record<string, unknown>[]) expandInto(account, item, rest, path);
    return;
  }
  at[name] = included(account, at, name) ?? at[name];
  const value = at[name];
  if (value === undefined) throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand' });
  if (typeof value === 'string') at[name] = structuredClone(kept(account, value) ?? invalidPath(path));
  const next = at[name];
  if (rest.length > 0 && typeof next === 'object' && next !== null) expandInto(account, next as Record<string, unknown>, rest, path);
}

function invalidPath(path: string): never {
  throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand' });
}

/** Lists that are left out unless they are asked for. */
function included(account: Account, { object, id }: Record<string, unknown>, name: string): object | undefined {
  const list = (data: object[], url: string): object => ({ object: 'list', data: structuredClone(data), has_more: false, url });
  if (object === 'checkout.session' && name === 'line_items')
    return list([...(account.lineItems.get(String(id)) ?? [])], `/v1/checkout/sessions/${id}/line_items`);
  if (object === 'invoice' && name === 'payments')
    return list(
      [...account.invoicePayments.values()].filter(({ invoice }) => invoice === id),
      `/v1/invoice_payments?invoice=${id}`,
    );
  if (object === 'charge' && name === 'refunds')
    return list(
      [...account.refunds.values()].filter(({ charge }) => charge === id),
      `/v1/charges/${id}/refunds`,
    );
  return undefined;
}

function kept(account: Account, id: string): object | undefined {
  const shelves: Readonly<Record<string, ReadonlyMap<string, object>>> = {
    cus: account.customers,
    prod: account.products,
    price: account.prices,
    pm: account.methods,
    pi: account.intents,
    seti: account.setups,
    ch: account.charges,
    re: account.refunds,
    du: account.disputes,
    txn: account.transactions,
    cs: account.sessions,
    sub: account.subscriptions,
    in: account.invoices,
  };
  return shelves[id.replace(/_.*/, '')]?.get(id);
}
