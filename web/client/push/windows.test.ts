import { expect, it } from 'vitest';
import { isPageOf } from './windows.ts';

it.each([
  ['/', true],
  ['/call/call_1', true],
  ['/portals', true],
  ['/portal', false],
  ['/portal/', false],
  ['/portal/call/call_1?x=1#y', false],
])('%s is a page of the members’ app: %s', (path, isMembers) => {
  expect(isPageOf('', `http://127.0.0.1:5173${path}`)).toBe(isMembers);
  expect(isPageOf('/portal', `http://127.0.0.1:5173${path}`)).toBe(!isMembers);
});
