/** The panel's own words, below `staff`, beside those that all apps share. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../ui/i18n.ts';
import en from './locales/en.json';

type PanelWords = typeof en;
declare module '../ui/i18n.ts' {
  interface Words extends PanelWords {}
}

export const panelWords: Catalogue = { en, de: () => import('./locales/de.json') };

/** What says the panel's words. */
export type StaffWords = TFunction<'words', 'staff'>;
export const useWords = () => useTranslation('words', { keyPrefix: 'staff' });

/** Words for one of an open set, such as kinds of postings; its bare name where there are none yet. */
export const wordFor = (t: StaffWords, key: string, name: string): string =>
  (t as unknown as (key: string, options: { defaultValue: string }) => string)(key, { defaultValue: name });
