import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it.each(['app', 'portal', 'panel'])('what the %s begins with waits for nothing', (app) => {
  // Parts that load later stand on the first one: where that waits for them at its top, they wait for each other.
  const source = readFileSync(new URL(`./${app}/main.tsx`, import.meta.url), 'utf8');
  expect(source.split('\n').filter((line) => /^\S.*\bawait\b/.test(line) && !line.startsWith('//'))).toEqual([]);
});
