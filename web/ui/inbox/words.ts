/** The words of the inbox and of how somebody is told. They come with the first screen that shows any of it, not with the app. */
import { addWords, type Catalogue } from '../i18n.ts';
import en from './locales/en.json';

type InboxWords = typeof en;
declare module '../i18n.ts' {
  interface Words extends InboxWords {}
}

const words: Catalogue = { en, de: () => import('./locales/de.json') };

/** Resolves when the inbox can be drawn. */
export const inboxWords: Promise<void> = addWords(words);
