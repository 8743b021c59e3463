/** Words while they are written: every text a string of its own, whatever forms a number asks for. */
import { type AppLanguage, appLanguage } from '../../../../worker/protocol/http/comfort.ts';
import type { NoticeFields, NoticeTexts, Phrase, TemplateLine } from '../../../../worker/protocol/http/templates.ts';

/** One text that is written: where it stands, as the server names it. */
export interface Text {
  readonly path: string;
  readonly language: AppLanguage;
  readonly field: string;
  /** Of a number; null where the text has one form. */
  readonly form: string | null;
}

export type Draft = ReadonlyMap<string, string>;

export const pathOf = (language: string, field: string, form: string | null): string =>
  `texts.${language}.${field}${form === null ? '' : `.${form}`}`;

/** The forms that a language has of a number: one and other, in German as in English. */
export const formsOf = (language: string): readonly string[] => new Intl.PluralRules(language).resolvedOptions().pluralCategories;

export function draftOf(texts: NoticeTexts): Draft {
  const draft = new Map<string, string>();
  for (const language of appLanguage.options)
    for (const [field, phrase] of Object.entries(texts[language] ?? {}))
      if (typeof phrase === 'string') draft.set(pathOf(language, field, null), phrase);
      else for (const [form, text] of Object.entries(phrase)) if (text !== undefined) draft.set(pathOf(language, field, form), text);
  return draft;
}

/** Every text there is to write for a language, in order; a field with forms has one for each. */
export const textsToWrite = (line: Pick<TemplateLine, 'fields'>, draft: Draft, language: AppLanguage): Text[] =>
  line.fields.flatMap(({ name }) => {
    const forms = formsOf(language).filter((form) => draft.has(pathOf(language, name, form)));
    const all: readonly (string | null)[] = forms.length > 0 ? forms : [null];
    return all.map((form) => ({ path: pathOf(language, name, form), language, field: name, form }));
  });

/** The same field with a text for each form, or with one for all; what was written stays where it can. */
export function withForms(draft: Draft, language: AppLanguage, field: string, on: boolean): Draft {
  const next = new Map(draft);
  const [whole, forms] = [pathOf(language, field, null), formsOf(language)];
  const written = draft.get(whole) ?? draft.get(pathOf(language, field, 'other')) ?? '';
  for (const form of [null, ...forms]) next.delete(pathOf(language, field, form));
  if (on) for (const form of forms) next.set(pathOf(language, field, form), draft.get(pathOf(language, field, form)) ?? written);
  else next.set(whole, written);
  return next;
}

/** What is sent: fields that are optional and empty are left out. */
export function textsOf(line: Pick<TemplateLine, 'fields'>, draft: Draft): NoticeTexts {
  return Object.fromEntries(
    appLanguage.options.map((language) => {
      const fields: NoticeFields = {};
      for (const { name, optional } of line.fields) {
        const texts = textsToWrite({ fields: line.fields.filter((field) => field.name === name) }, draft, language);
        const said = texts.map(({ path }) => draft.get(path) ?? '');
        if (optional && said.every((text) => text.trim() === '')) continue;
        const forms = texts.map(({ form }, n) => [form, said[n] ?? ''] as const);
        fields[name] = forms[0]?.[0] === null ? (said[0] ?? '') : (Object.fromEntries(forms) as Phrase);
      }
      return [language, fields];
    }),
  );
}
