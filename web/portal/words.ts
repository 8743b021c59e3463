/** The portal's own words, beside those that all apps share. */
import type { Catalogue } from '../ui/i18n.ts';
import en from './locales/en.json';

type DeskWords = typeof en;
declare module '../ui/i18n.ts' {
  interface Words extends DeskWords {}
}

export const deskWords: Catalogue = { en, de: () => import('./locales/de.json') };
