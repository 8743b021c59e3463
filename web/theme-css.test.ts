import { expect, test } from 'vitest';
import { themeCss } from './theme-css.ts';

/** What stands in the block whose selector begins so. */
const block = (selector: string): string => themeCss().split(`${selector}`)[1]?.split('}')[0] ?? '';

test('the style carries what the theme changes, for light and dark, and nothing that is as usual', () => {
  const all = block(':root, :host{');
  expect(all).toContain('--mantine-color-brand-7: #0b6a5e;');
  expect(all).toContain("--mantine-font-family: 'Atkinson Hyperlegible Next Variable'");
  expect(all).not.toContain('--mantine-color-blue-6:');
  const light = block(':root[data-mantine-color-scheme="light"]');
  expect(light).toContain('--mantine-color-brand-filled: var(--mantine-color-brand-7);');
  expect(light).toContain('--mantine-color-body: #faf6ef;');
  expect(block(':root[data-mantine-color-scheme="dark"]')).toContain('--mantine-color-body: #1c1815;');
});
