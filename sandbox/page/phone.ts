/** A device's locked screen: the calls that ring, and the cards below each other. */
import type { Listed } from '../outbox.ts';
import { countOf, make, picture, timeOf } from './element.ts';
import type { Card, Screen } from './screens.ts';

const names: Readonly<Record<Screen['platform'], string>> = {
  webpush: 'Browser · Web Push',
  fcm: 'Android · FCM',
  apns: 'iPhone · APNs',
  voip: 'iPhone · VoIP',
  onesignal: 'Phone · OneSignal',
};
/** More would make the page longer than anybody reads. */
const MOST_CARDS = 5;

/** @param choose called with the device's address when somebody wants to see this one alone */
export function phoneOf(screen: Screen, choose: (to: string) => void): HTMLElement {
  const { cards, silent, at, to, platform } = screen;
  const earlier = cards.length - MOST_CARDS;
  const only = make('button', { type: 'button', title: to }, shortOf(to));
  only.addEventListener('click', () => choose(to));
  return make(
    'li',
    { class: `phone ${platform === 'webpush' ? 'browser' : ''}` },
    make('div', { class: 'device' }, make('span', {}, names[platform]), only),
    make(
      'div',
      { class: 'glass' },
      make('p', { class: 'clock', 'aria-hidden': 'true' }, new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })),
      make(
        'p',
        { class: 'date', 'aria-hidden': 'true' },
        new Date(at).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' }),
      ),
      make('ul', { class: 'stack' }, ...cards.slice(0, MOST_CARDS).map(cardOf)),
      earlier > 0 && make('p', { class: 'more' }, `${earlier} more below`),
      cards.length === 0 && make('p', { class: 'more' }, 'Nothing to see on this screen'),
    ),
    silent.length > 0 && silentOf(silent),
  );
}

function cardOf(card: Card): HTMLElement {
  const { message, replaced, over } = card;
  if (message.push?.shows === 'ring') return ringOf(message, over);
  const body = message.push?.sealed ? 'Encrypted for this browser. Only the browser can read it.' : message.text;
  return make(
    'li',
    { class: 'note' },
    picture('lamp'),
    make(
      'div',
      {},
      make('p', { class: 'app' }, make('span', {}, message.from), countOf(message.times), timeOf(message.at)),
      message.subject !== '' && make('h3', {}, message.subject),
      body !== '' && make('p', { class: 'words' }, body),
      replaced > 0 &&
        make('p', { class: 'more' }, replaced === 1 ? 'In the place of an older one' : `In the place of ${replaced} older ones`),
      givenOf(message),
    ),
  );
}

function ringOf(message: Listed, over: boolean): HTMLElement {
  const until = message.push?.until;
  return make(
    'li',
    { class: over ? 'ring over' : 'ring' },
    make('span', { class: 'lamp' }, picture('lamp')),
    make('p', { class: 'app' }, make('span', {}, message.from), countOf(message.times), timeOf(message.at)),
    make('h3', {}, over ? 'The call rings no more' : 'Incoming call'),
    !over && until ? make('p', { class: 'more' }, 'rings until ', timeOf(until)) : null,
    !over &&
      make(
        'div',
        { class: 'buttons', 'aria-hidden': 'true' },
        make('span', { class: 'no' }, picture('down')),
        make('span', { class: 'yes' }, picture('up')),
      ),
    givenOf(message),
  );
}

/** For whoever builds the app: what comes with it. */
const givenOf = ({ push }: Listed): HTMLElement | null =>
  push && Object.keys(push.data).length > 0
    ? make('details', {}, make('summary', {}, 'What the app is given'), make('pre', {}, JSON.stringify(push.data, null, 1)))
    : null;

function silentOf(silent: readonly Listed[]): HTMLElement {
  const rows = silent
    .slice(0, MOST_CARDS)
    .map((message) =>
      make('li', {}, make('span', {}, String(message.push?.data.kind ?? 'no kind')), countOf(message.times), timeOf(message.at)),
    );
  return make('div', { class: 'silent' }, make('p', {}, 'Without a sound, and nothing to see'), make('ul', {}, ...rows));
}

/** The end of a token tells it apart; of an endpoint also whose it is. */
function shortOf(to: string): string {
  const host = URL.canParse(to) && to.startsWith('https:') ? `${new URL(to).hostname} ` : '';
  return `${host}…${to.slice(-8)}`;
}
