/** Tables of the `profile` domain: what anyone may know, and what only the person and those who must. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Chosen } from '../../worker/domains/profile/comfort.ts';
import type { Wishes } from '../../worker/protocol/http/comfort.ts';

export const publicProfile = sqliteTable('public_profile', {
  userId: text('user_id').primaryKey(),
  displayName: text('display_name').notNull(),
  pronunciation: text('pronunciation'),
  about: text('about').notNull(),
  languages: text('languages', { mode: 'json' }).$type<string[]>().notNull(),
  skills: text('skills', { mode: 'json' }).$type<string[]>().notNull(),
  gender: text('gender'),
  ageBand: text('age_band'),
  portrait: text('portrait'),
  updatedAt: integer('updated_at').notNull(),
});

export const privateProfile = sqliteTable('private_profile', {
  userId: text('user_id').primaryKey(),
  birthDate: text('birth_date'),
  timeZone: text('time_zone'),
  /** What the person chose, in the shape of `Chosen`; the rest has defaults. */
  comfort: text('comfort', { mode: 'json' }).$type<Chosen>().notNull().default({}),
  wishes: text('wishes', { mode: 'json' }).$type<Partial<Wishes>>().notNull().default({}),
  updatedAt: integer('updated_at').notNull(),
});

/** A photo; its bytes lie in the bucket MEDIA. */
export const photo = sqliteTable('photo', {
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  visibility: text('visibility', { enum: ['public', 'private'] }).notNull(),
  state: text('state', { enum: ['pending', 'approved', 'rejected'] }).notNull(),
  portrait: integer('portrait', { mode: 'boolean' }).notNull(),
  type: text('type').notNull(),
  width: integer('width').notNull(),
  height: integer('height').notNull(),
  hash: text('hash').notNull(),
  createdAt: integer('created_at').notNull(),
});
