/** What was sold and what was told, as the shop's page shows them. */
import type { Delivery } from '../shop/deliveries.ts';
import type { Item, Verb } from '../shop/store.ts';
import { make, timeOf } from './element.ts';

/** What the buttons say, and what they mean where that is not plain. */
export const labels: Readonly<Record<Verb, string>> = {
  refund: 'Refund',
  refund_part: 'Refund half',
  unrefund: 'Take the refund back',
  dispute: 'Dispute',
  win: 'Dispute won',
  lose: 'Dispute lost',
  renew: 'Renew',
  fail: 'Card fails',
  cancel: 'Cancel',
  uncancel: 'Take back',
  pause: 'Pause',
  resume: 'Go on',
  end: 'End now',
};
const stores: Readonly<Record<Item['store'], string>> = { stripe: 'Stripe', apple: 'App Store', google: 'Google Play' };
const tellers: Readonly<Record<Delivery['source'], string>> = { ...stores, adapty: 'Adapty', apphud: 'AppHud' };

const sumOf = ({ amount, currency }: Item): string => new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount / 100);
const dayOf = (at: number): string => new Date(at).toLocaleDateString('en', { day: 'numeric', month: 'short', year: 'numeric' });

/** A button that can be found again after the page was drawn anew. */
function buttonOf(key: string, label: string, name: string, act: () => void): HTMLButtonElement {
  const button = make('button', { type: 'button', 'data-key': key, 'aria-label': name }, label);
  button.addEventListener('click', act);
  return button;
}

/** Everybody with what they bought, newest first. */
export function customersOf(items: readonly Item[], act: (id: string, verb: Verb) => void): HTMLElement[] {
  return [...Map.groupBy(items, ({ who }) => who)].map(([who, mine]) =>
    make('div', {}, make('h3', { class: 'who' }, who), make('ul', {}, ...mine.map((item) => itemOf(item, act)))),
  );
}

function itemOf(item: Item, act: (id: string, verb: Verb) => void): HTMLElement {
  const until = item.until === null ? '' : `, paid until ${dayOf(item.until)}`;
  return make(
    'li',
    { class: 'item' },
    make(
      'div',
      { class: 'line' },
      make('h4', {}, item.what),
      make('span', { class: 'badge' }, stores[item.store]),
      make('span', { class: 'sum' }, sumOf(item)),
    ),
    make(
      'p',
      { class: 'soft' },
      `${item.kind === 'subscription' ? 'Subscription' : 'Bought once'}: ${item.state}${until}. ${dayOf(item.at)}`,
    ),
    item.verbs.length === 0
      ? null
      : make(
          'div',
          { class: 'verbs' },
          ...item.verbs.map((verb) =>
            buttonOf(`${item.id} ${verb}`, labels[verb], `${labels[verb]}: ${item.what} of ${item.who}`, () => act(item.id, verb)),
          ),
        ),
  );
}

/** What the Worker said of each time it was told. */
function answersOf(statuses: readonly number[]): HTMLElement {
  if (statuses.length === 0) return make('span', { class: 'badge' }, 'held back');
  const said = statuses.map((status) => (status === 0 ? 'no answer' : String(status))).join(', ');
  return make('span', { class: statuses.every((status) => status === 200) ? 'good' : 'bad' }, said);
}

export const deliveryOf = ({ id, source, what, at, statuses }: Delivery, again: (id: string, times: number) => void): HTMLElement =>
  make(
    'li',
    { class: 'told' },
    make(
      'div',
      { class: 'line' },
      make('span', {}, make('strong', {}, tellers[source]), ` ${what}`),
      answersOf(statuses),
      timeOf(new Date(at).toISOString()),
      buttonOf(`${id} again`, statuses.length === 0 ? 'Send' : 'Send again', `Send again: ${tellers[source]} ${what}`, () => again(id, 1)),
    ),
  );
