/** What the panel says of each setting: in every language, and in English as the catalogue itself says it. */
import { describe, expect, it } from 'vitest';
import { catalogue, settingKeys } from '../../../../worker/domains/settings/rules.ts';
import de from '../../locales/de.json';
import en from '../../locales/en.json';

const said = (words: { staff: { setting: unknown } }, key: string): unknown =>
  key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], words.staff.setting);

function leaves(node: unknown): number {
  return typeof node === 'object' && node !== null ? Object.values(node).reduce((sum: number, inner) => sum + leaves(inner), 0) : 1;
}

describe.each(settingKeys)('%s', (key) => {
  it('is described in German, in words of its own', () => {
    expect(said(de, key)).toMatch(/\w{3}/);
    expect(said(de, key)).not.toBe(catalogue[key].description);
  });

  it('is described in English as the catalogue does', () => {
    expect(said(en, key)).toBe(catalogue[key].description);
  });
});

it('describes no setting that is gone', () => {
  expect(leaves(en.staff.setting)).toBe(settingKeys.length);
});
