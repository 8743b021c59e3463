/** The members' own words, beside those that all apps share. */
import type { Catalogue } from '../ui/i18n.ts';
import en from './locales/en.json';

type AppWords = typeof en;
declare module '../ui/i18n.ts' {
  interface Words extends AppWords {}
}

export const words: Catalogue = { en, de: () => import('./locales/de.json') };
