/** What people like to talk about: the thirteen fields of companions, as they are kept and as they are said. */
import type { TFunction } from 'i18next';

export const topics = {
  everyday: 'Everyday talk and company',
  stories: 'Life stories and memories',
  family: 'Family and relationships',
  loss: 'Grief and loss support',
  health: 'Health routines and motivation',
  faith: 'Faith and meaning',
  music: 'Music and singing',
  books: 'Books, news and culture',
  games: 'Games and brain teasers',
  cooking: 'Cooking and home',
  nature: 'Nature, gardening and pets',
  travel: 'Travel and languages',
  technology: 'Technology help and staying safe online',
} as const;
export type Topic = keyof typeof topics;
export const topicKeys = Object.keys(topics) as Topic[];

/** A kept topic in the reader's language; one we don't know as it is. */
export function topicWords(t: TFunction, kept: string): string {
  const key = topicKeys.find((each) => topics[each] === kept);
  return key ? t(`topics.${key}`) : kept;
}
