/** Every language says everything, in its own plural forms, and nothing is said that no screen asks for. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const web = fileURLToPath(new URL('..', import.meta.url));
/** Places that have a catalogue of their own. */
const places = [
  'ui',
  'ui/chat',
  'ui/go',
  'ui/inbox',
  'ui/push',
  'client/push',
  'app',
  'app/wallet',
  'portal',
  'portal/conversations',
  'panel',
].filter((place) => readdirSync(join(web, place)).includes('locales'));
const languages = ['en', 'de'] as const;

type Tree = { readonly [key: string]: string | Tree };
const read = (place: string, language: string): Tree => JSON.parse(readFileSync(join(web, place, 'locales', `${language}.json`), 'utf8'));

function flat(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flat(value, `${prefix}${key}.`)],
    ),
  );
}

const PLURAL = /_(zero|one|two|few|many|other)$/;
const slots = (text: string): string[] => [...text.matchAll(/{{\s*(\w+)/g)].map(([, name]) => name ?? '').sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist', 'locales'].includes(entry.name) ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}
const code = sources(web).join('\n');

/**
 * Whether some code asks for this key: whole in quotes, or by a template whose fixed parts fit (`presence.${state}`).
 */
const templates = [...code.matchAll(/`((?:\w+\.)+(?:[^`$\s]|\${[^`{}]*})*)`/g)].map(
  ([, template = '']) =>
    new RegExp(
      `^${template
        .split(/\${[^}]*}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.+')}$`,
    ),
);
const askedAs = (key: string): boolean =>
  code.includes(`'${key}'`) || code.includes(`"${key}"`) || templates.some((template) => template.test(key));
/** A place with one top key may ask below it (`keyPrefix`). */
const asked = (key: string): boolean => askedAs(key) || askedAs(key.slice(key.indexOf('.') + 1));

describe.each(places)('the words of %s', (place) => {
  const catalogues = languages.map((language) => [language, flat(read(place, language))] as const);
  const [, english] = catalogues[0] ?? ['en', new Map<string, string>()];

  test.each(catalogues)('%s says everything, with the same slots', (_, words) => {
    expect([...words.keys()].sort()).toEqual([...english.keys()].sort());
    const differing = [...words].filter(([key, text]) => slots(text).join() !== slots(english.get(key) ?? '').join());
    expect(differing.map(([key]) => key)).toEqual([]);
    expect([...words].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([]);
  });

  test.each(catalogues)('%s has every plural form of its language', (language, words) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.filter((form) => form === 'one' || form === 'other');
    const stems = new Set([...words.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, '')));
    const missing = [...stems].flatMap((stem) => forms.map((form) => `${stem}_${form}`)).filter((key) => !words.has(key));
    expect(missing).toEqual([]);
  });

  test('no word is left that nothing asks for', () => {
    expect([...english.keys()].filter((key) => !asked(key.replace(PLURAL, '')))).toEqual([]);
  });
});

test('no two places say the same key', () => {
  const tops = places.flatMap((place) => Object.keys(read(place, 'en')).map((key) => [key, place] as const));
  const twice = tops.filter(([key], index) => tops.findIndex(([other]) => other === key) !== index);
  expect(twice).toEqual([]);
});
