/** Puts facts into words and picks the form a number asks for: i18next, which the web apps speak by as well. */
import { createInstance } from 'i18next';
import type { AppLanguage } from '../../../protocol/http/comfort.ts';
import type { Phrase } from '../../../protocol/http/templates.ts';

const engine = createInstance();
void engine.init({
  lng: 'en',
  fallbackLng: false,
  resources: {},
  // Every channel escapes for itself; what a fact says is never read again as a placeholder.
  interpolation: { escapeValue: false, skipOnVariables: true },
});

/** Only this stands for a fact: no formats, no nesting, no raw values, all of which the engine would know. */
export const placeholder = /\{\{([a-z]+)\}\}/g;

/**
 * A phrase with its facts.
 * @param count the number that picks the form; left out where nothing is counted
 */
export function said(phrase: Phrase, facts: Readonly<Record<string, string>>, language: AppLanguage, count?: number): string {
  const forms = typeof phrase === 'string' ? { other: phrase } : phrase;
  const defaults = Object.fromEntries(Object.entries(forms).map(([form, text]) => [`defaultValue_${form}`, text]));
  const options = { ...facts, ...defaults, lng: language, nest: false, ...(count === undefined ? {} : { count }) };
  return engine.t('notice' as string, { ...options, defaultValue: forms.other });
}
