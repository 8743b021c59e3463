/** The shop's page: looks for news, shows them, and does what its buttons say. */
import type { Delivery } from '../shop/deliveries.ts';
import type { Item } from '../shop/store.ts';
import { customersOf, deliveryOf } from './shop-cards.ts';

const LOOK_MS = 1_500;
/** As many deliveries as somebody looks through. */
const SHOWN = 60;

interface View {
  readonly items: readonly Item[];
  readonly deliveries: readonly Delivery[];
  readonly isHeld: boolean;
}

const at = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found as T;
};
const note = at('note');
let shown = '';

function show(view: View): void {
  const state = JSON.stringify(view);
  if (state === shown) return;
  shown = state;
  // Whoever was on a button is on it still, where it is there.
  const focused = (document.activeElement as HTMLElement | null)?.dataset.key;
  at('nothing').hidden = view.items.length > 0;
  at('sold').replaceChildren(...customersOf(view.items, (id, verb) => void ask('/act', { id, verb })));
  at('told').replaceChildren(
    ...view.deliveries
      .slice(0, SHOWN)
      .map((delivery) => deliveryOf(delivery, (id, times) => void ask('/webhooks', { do: 'again', id, times }))),
  );
  at('held').hidden = !view.isHeld;
  at<HTMLButtonElement>('hold').disabled = view.isHeld;
  const waiting = view.deliveries.filter(({ statuses }) => statuses.length === 0).length;
  note.textContent = `${view.items.length} sold, ${view.deliveries.length} told${waiting > 0 ? `, ${waiting} held back` : ''}`;
  if (focused) document.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

async function ask(path: string, body?: object): Promise<boolean> {
  try {
    const answer = await fetch(`/api/shop${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    const said = (await answer.json()) as View & { error?: string };
    if (!answer.ok) {
      note.textContent = said.error ?? `The sandbox answered ${answer.status}.`;
      return false;
    }
    if (said.items) show(said);
    return true;
  } catch {
    note.textContent = 'The sandbox does not answer.';
    shown = '';
    return false;
  }
}

at('hold').addEventListener('click', () => void ask('/webhooks', { do: 'hold' }));
for (const order of ['as_made', 'backwards', 'shuffled'])
  at(order).addEventListener('click', () => void ask('/webhooks', { do: 'release', order }));

at<HTMLFormElement>('buy').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.currentTarget as HTMLFormElement);
  const text = (name: string): string | null => String(form.get(name) ?? '').trim() || null;
  const wish = {
    store: text('store'),
    product: text('product'),
    amount: Number(form.get('amount')),
    currency: text('currency'),
    period: text('period'),
    user: text('user'),
    account: text('store') === 'google' ? text('user') : null,
    email: text('email'),
    tellers: form.getAll('tellers'),
  };
  void ask('/purchases', wish).then((bought) => bought && ask(''));
});

void ask('');
setInterval(() => void ask(''), LOOK_MS);
