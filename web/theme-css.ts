/** The theme as style: what Mantine would work out on every visit is worked out once, when the pages are built. */
import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core';
import type { Plugin } from 'vite';
import { cssVariables, theme } from './ui/theme.ts';

/** Every variable of the theme that is not as Mantine's own style sheet has it. */
export function themeCss(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const usual = defaultCssVariablesResolver(DEFAULT_THEME);
  const themed = defaultCssVariablesResolver(merged);
  const ours = cssVariables(merged);
  const changed = (part: 'variables' | 'light' | 'dark'): Record<string, string> => {
    const before = new Map(Object.entries(usual[part]));
    return Object.fromEntries(Object.entries({ ...themed[part], ...ours[part] }).filter(([name, value]) => before.get(name) !== value));
  };
  return convertCssVariables({ variables: changed('variables'), light: changed('light'), dark: changed('dark') });
}

/** `import 'virtual:theme.css'` (ui/styles.ts). */
export function themeStyles(): Plugin {
  const asked = 'virtual:theme.css';
  const known = `\0${asked}`;
  return {
    name: 'hearthline-theme',
    resolveId: (id) => (id === asked ? known : null),
    load: (id) => (id === known ? themeCss() : null),
  };
}
