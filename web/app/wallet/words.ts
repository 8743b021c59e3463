/** The words of the wallet and of buying. They come with the first screen of either, not with the app. */
import { addWords, type Catalogue } from '../../ui/i18n.ts';
import en from './locales/en.json';

type ShopWords = typeof en;
declare module '../../ui/i18n.ts' {
  interface Words extends ShopWords {}
}

const words: Catalogue = { en, de: () => import('./locales/de.json') };

/** Resolves when a screen of the wallet can be drawn. */
export const shopWords: Promise<void> = addWords(words);
