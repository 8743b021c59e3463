/** What a profile is before anybody wrote it, and what a change may say. */
import type { FieldError } from '../../protocol/errors.ts';
import { type AppLanguage, appLanguage } from '../../protocol/http/comfort.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type { changeMe } from '../../protocol/http/me.ts';
import { comfortErrors } from './comfort.ts';

export type ProfileChange = BodyOf<typeof changeMe>;

/** The public part of somebody who has not told anything yet. */
export const unwritten = {
  displayName: 'Someone new',
  pronunciation: null,
  about: '',
  languages: ['en'],
  skills: [],
  gender: null,
  ageBand: null,
  portrait: null,
} as const;

/** What is wrong with a change whose shape is right. */
export function changeErrors({ private: change, comfort }: ProfileChange, now: number): FieldError[] {
  const errors: FieldError[] = comfort ? comfortErrors(comfort) : [];
  if (change?.timeZone && !isTimeZone(change.timeZone))
    errors.push({ path: 'private.timeZone', message: 'must be a time zone such as Europe/Helsinki' });
  if (change?.birthDate && Date.parse(change.birthDate) > now) errors.push({ path: 'private.birthDate', message: 'must be in the past' });
  return errors;
}

/**
 * What somebody is written to in; null where nobody knows.
 * @param chosen what they chose for the app
 * @param device what their device speaks, where that is known
 * @param spoken language tags of their profile, the dearest first
 */
export function writtenLanguage(chosen: string | null, device: AppLanguage | undefined, spoken: readonly string[]): AppLanguage | null {
  const tags = [chosen, device, ...spoken].map((tag) => tag?.split('-')[0]?.toLowerCase());
  return tags.map((tag) => appLanguage.options.find((known) => known === tag)).find((known) => known !== undefined) ?? null;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Words without blanks around them, none empty, none twice. */
export const tidyWords = (words: readonly string[]): string[] => [...new Set(words.map((word) => word.trim()).filter(Boolean))];
