/** Mail as a mail program shows it, and SMS as a phone does. */
import type { Listed } from '../outbox.ts';
import { countOf, make, timeOf } from './element.ts';
import { fateOf } from './fate.ts';

export function mailOf(message: Listed): HTMLElement {
  const { from, to, subject, html, text, at, times } = message;
  // The frame may run nothing and load nothing.
  const shown = html ? make('iframe', { sandbox: '', title: subject, srcdoc: html }) : make('p', { class: 'plain' }, text);
  const name = from.replace(/\s*<.*>$/, '');
  return make(
    'li',
    { class: 'mail' },
    make(
      'header',
      {},
      make('span', { class: 'sender', 'aria-hidden': 'true' }, name.slice(0, 1).toUpperCase()),
      make('div', {}, make('h3', {}, subject), make('p', { class: 'soft' }, make('strong', {}, name), ` to ${to}`)),
      countOf(times),
      timeOf(at),
    ),
    shown,
    html !== '' && text !== '' ? make('details', {}, make('summary', {}, 'The same as plain text'), make('pre', {}, text)) : null,
    fateOf(message),
  );
}

export const smsOf = ({ from, to, text, at, times }: Listed): HTMLElement =>
  make(
    'li',
    { class: 'sms' },
    make('header', {}, make('div', {}, make('h3', {}, to), make('p', { class: 'soft' }, `from ${from}`)), countOf(times), timeOf(at)),
    make('p', { class: 'bubble' }, text),
  );
