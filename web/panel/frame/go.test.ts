import { expect, it } from 'vitest';
import { parseLink } from '../../../worker/protocol/links.ts';
import { placeOf } from './go.tsx';

const id = '01h2xcejqtf2nbrexx3vqjhp41';

it.each([
  ['/go/jobs', '/jobs'],
  ['/go/calls', '/calls'],
  [`/go/call/call_${id}`, `/calls/call_${id}`],
  [`/go/profile/usr_${id}`, `/people/usr_${id}`],
  ['/go/wallet', '/'],
  ['/go/https://elsewhere.example', '/'],
])('%s leads to %s', (link, place) => {
  expect(placeOf(parseLink(link).target)).toBe(place);
});
