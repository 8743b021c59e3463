import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ensureChromium, findChromium } from './chromium.ts';
import { ensureTurnserver } from './turnserver.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'path-'));
  vi.stubEnv('CHROMIUM', '');
  vi.stubEnv('TURNSERVER', '');
  vi.stubEnv('PATH', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('is found on the path, or where CHROMIUM says', () => {
  expect(findChromium()).toBeUndefined();
  const path = join(folder, 'chromium');
  writeFileSync(path, '');
  expect(findChromium()).toBeUndefined();
  chmodSync(path, 0o755);
  expect(findChromium()).toBe(path);
  vi.stubEnv('PATH', '');
  vi.stubEnv('CHROMIUM', path);
  expect(ensureChromium()).toBe(path);
});

it('that can’t be installed from here is asked for in a sentence', () => {
  expect(() => ensureChromium()).toThrow(/need Chromium: install it .*apt-get install chromium.*CHROMIUM=/);
  expect(() => ensureTurnserver()).toThrow(/need coturn: install it .*apt-get install coturn.*TURNSERVER=/);
});
