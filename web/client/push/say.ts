/** The few words that the service worker has of its own; it can't load the apps' catalogues. */
import type { AppLanguage } from '../../../worker/protocol/http/comfort.ts';
import de from './locales/de.json';
import en from './locales/en.json';

const catalogues: Readonly<Record<AppLanguage, typeof en>> = { en, de };
export type Told = `told.${keyof typeof en.told}`;
export type Say = (key: Told, slots?: Readonly<Record<string, string>>) => string;

/** @param language of the person; null: as the device says */
export function sayIn(language: AppLanguage | null, device: string): Say {
  const spoken = language ?? (device.toLowerCase().startsWith('de') ? 'de' : 'en');
  return (key, slots = {}) =>
    catalogues[spoken].told[key.slice('told.'.length) as keyof typeof en.told].replace(
      /{{(\w+)}}/g,
      (_, name: string) => slots[name] ?? '',
    );
}
