import { expect, test } from 'vitest';
import type { CallMedia } from '../../worker/protocol/call/call.ts';
import type { GalleryItem } from '../../worker/protocol/http/gallery.ts';
import { wishedFirst } from './wishes.ts';

const item = (name: string, gender: string | null, ageBand: string | null, media: CallMedia[] = ['audio']): GalleryItem => ({
  person: {
    id: `usr_${name}`,
    role: 'companion',
    displayName: name,
    pronunciation: null,
    about: '',
    languages: ['en'],
    skills: [],
    gender,
    ageBand,
    portrait: null,
  },
  presence: 'online',
  available: true,
  media,
  tier: 'standard',
  price: null,
});
const people = [
  item('Ann', 'woman', '18-29'),
  item('Bob', 'man', '60-74'),
  item('Cleo', 'woman', '60-74', ['audio', 'video']),
  item('Dan', null, null),
];
const names = (wishes: Parameters<typeof wishedFirst>[1]) => wishedFirst(people, wishes).map(({ person }) => person.displayName);

test('who fulfils more wishes comes first, nobody is left out, and equals keep their order', () => {
  expect(names({ media: null, gender: null, ageBand: null })).toEqual(['Ann', 'Bob', 'Cleo', 'Dan']);
  expect(names({ media: null, gender: 'woman', ageBand: null })).toEqual(['Ann', 'Cleo', 'Bob', 'Dan']);
  expect(names({ media: null, gender: 'man', ageBand: '60-74' })).toEqual(['Bob', 'Cleo', 'Ann', 'Dan']);
  expect(names({ media: 'video', gender: null, ageBand: null })).toEqual(['Cleo', 'Ann', 'Bob', 'Dan']);
});
