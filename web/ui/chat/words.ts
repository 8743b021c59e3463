/** The words of conversations. They come with the first screen that shows one, not with the app. */
import { addWords, type Catalogue } from '../i18n.ts';
import en from './locales/en.json';

type ChatWords = typeof en;
declare module '../i18n.ts' {
  interface Words extends ChatWords {}
}

const words: Catalogue = { en, de: () => import('./locales/de.json') };

/** Resolves when conversations can be drawn; to be awaited by the module of a screen before it is shown. */
export const chatWords: Promise<void> = addWords(words);
