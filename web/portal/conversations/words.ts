/** The words of the desk of conversations; they come with it. */
import { addWords, type Catalogue } from '../../ui/i18n.ts';
import en from './locales/en.json';

type TalksWords = typeof en;
declare module '../../ui/i18n.ts' {
  interface Words extends TalksWords {}
}

const words: Catalogue = { en, de: () => import('./locales/de.json') };
export const talksWords: Promise<void> = addWords(words);
