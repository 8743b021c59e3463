import { expect, it } from 'vitest';
import { favoritesFirst } from './favorites.ts';

it('favourites come first, and nobody else changes place', () => {
  const people = ['a', 'b', 'c', 'd'].map((name) => ({ person: { id: `usr_${name}` as const } }));
  const names = (ids: readonly `usr_${string}`[]) => favoritesFirst(people, ids).map(({ person }) => person.id.slice(4));
  expect(names([])).toEqual(['a', 'b', 'c', 'd']);
  expect(names(['usr_d', 'usr_b', 'usr_gone'])).toEqual(['b', 'd', 'a', 'c']);
});
