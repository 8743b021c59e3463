/** Looks for news and shows it. */
import type { Listed } from '../outbox.ts';
import { mailOf, smsOf } from './letters.ts';
import { phoneOf } from './phone.ts';
import { screensOf } from './screens.ts';

const LOOK_MS = 1_500;

const at = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found as T;
};
const to = at<HTMLInputElement>('to');
const note = at('note');
const rooms = { push: at('push'), email: at('email'), sms: at('sms') };

to.value = new URLSearchParams(location.search).get('to') ?? '';
let shown = '';

function show(items: readonly Listed[], now: number): void {
  const screens = screensOf(items, now);
  // A call that has ended changes the page without a new message.
  const ringing = screens.map(({ cards }) => cards.map(({ over }) => Number(over)).join('')).join('|');
  const state = [to.value, ringing, ...items.map(({ id, times }) => `${id}×${times}`)].join();
  if (state === shown) return;
  shown = state;
  const of = (channel: Listed['channel']) => items.filter((item) => item.channel === channel);
  fill(
    'push',
    screens.map((screen) => phoneOf(screen, choose)),
  );
  fill('email', of('email').map(mailOf));
  fill('sms', of('sms').map(smsOf));
  note.textContent = items.length === 0 ? 'Nothing has been sent yet.' : items.length === 1 ? '1 message' : `${items.length} messages`;
}

function fill(room: keyof typeof rooms, things: readonly HTMLElement[]): void {
  rooms[room].hidden = things.length === 0;
  rooms[room].querySelector('ul')?.replaceChildren(...things);
}

function choose(address: string): void {
  to.value = address;
  void look();
}

async function look(): Promise<void> {
  try {
    const answer = await fetch(`/api/messages?to=${encodeURIComponent(to.value)}`);
    const { items } = (await answer.json()) as { items: Listed[] };
    show(items, Date.now());
  } catch {
    note.textContent = 'The sandbox does not answer.';
    shown = '';
  }
}

to.addEventListener('input', () => void look());
at('all').addEventListener('click', () => choose(''));
void look();
setInterval(() => void look(), LOOK_MS);
