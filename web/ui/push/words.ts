/** The words of being told while the app is closed. They come with what shows them, not with the app. */
import { addWords, type Catalogue } from '../i18n.ts';
import en from './locales/en.json';

type PushWords = typeof en;
declare module '../i18n.ts' {
  interface Words extends PushWords {}
}

const words: Catalogue = { en, de: () => import('./locales/de.json') };

/** Resolves when they can be drawn; to be awaited by the module of what shows them. */
export const pushWords: Promise<void> = addWords(words);
