/** The words of links that lead nowhere. They come with the first link that is opened, not with the app. */
import { addWords, type Catalogue } from '../i18n.ts';
import en from './locales/en.json';

type GoWords = typeof en;
declare module '../i18n.ts' {
  interface Words extends GoWords {}
}

const words: Catalogue = { en, de: () => import('./locales/de.json') };

/** Resolves when the page of a link can be drawn. */
export const goWords: Promise<void> = addWords(words);
