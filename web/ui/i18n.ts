/**
 * All words of the web apps come from plain JSON catalogues, one per language and place (`ui`, and each app its own);
 * keys are checked by the compiler, completeness by `locales.test.ts`. English is built in, other languages are loaded.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { AppLanguage } from '../../worker/protocol/http/comfort.ts';
import en from './locales/en.json';

type UiWords = typeof en;
/** Every key there is. An app adds its own catalogue by declaring this interface again. */
export interface Words extends UiWords {}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
    resources: { words: Words };
  }
}

/** A catalogue: the built-in language, and how the others are fetched. */
export interface Catalogue {
  readonly en: object;
  readonly de: () => Promise<{ default: object }>;
}

const KEPT = 'hearthline.language';
const catalogues: Catalogue[] = [{ en, de: () => import('./locales/de.json') }];

export const locale = (): string => i18next.language;
/** What was asked for last; it is spoken once its words are here. */
let asked: AppLanguage = 'en';

/** What this device was last told, else what its browser prefers. */
export function deviceLanguage(): AppLanguage {
  const told = localStorage.getItem(KEPT) ?? navigator.language;
  return told.toLowerCase().startsWith('de') ? 'de' : 'en';
}

/** Adds an app's own words and speaks the device's language; resolves when the screen can be drawn in it. */
export async function beginWords(catalogue?: Catalogue): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    defaultNS: 'words',
    ns: ['words'],
    resources: { en: { words: en } },
    interpolation: { escapeValue: false },
  });
  if (catalogue) {
    catalogues.push(catalogue);
    i18next.addResourceBundle('en', 'words', catalogue.en, true, true);
  }
  await speak(deviceLanguage());
}

/** Adds the words of a part that loads later; resolves when it can be drawn in the language that is spoken. */
export async function addWords(catalogue: Catalogue): Promise<void> {
  catalogues.push(catalogue);
  i18next.addResourceBundle('en', 'words', catalogue.en, true, true);
  // Not what is spoken yet: words that are on their way at this moment would come without these.
  if (asked !== 'en') await speak(asked);
}

/** Changes the language of everything. Stays with the present one where its words can't be fetched. */
export async function speak(language: AppLanguage): Promise<void> {
  asked = language;
  if (language === 'de') {
    try {
      for (const { default: words } of await Promise.all(catalogues.map(({ de }) => de())))
        i18next.addResourceBundle('de', 'words', words, true, true);
    } catch {
      return;
    }
  }
  // Another was asked for while the words came.
  if (asked !== language) return;
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Remembers a choice for the next visit, before anybody is signed in. Null: as the device says. */
export function keepLanguage(language: AppLanguage | null): void {
  if (language === null) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, language);
}
