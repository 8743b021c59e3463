/** Who people are to each other on the wire. */
import * as z from 'zod/mini';
import { userId } from './ids.ts';

/** member pays, companion is paid, the rest are staff. */
export const role = z.enum(['member', 'companion', 'supervisor', 'admin', 'superadmin']);
export type Role = z.infer<typeof role>;

/** Which pricing model a member pays by (money.md, "Three pricing models at once"). */
export const monetizationVersion = z.enum(['tokens', 'subscription', 'moments']);
export type MonetizationVersion = z.infer<typeof monetizationVersion>;

/** Derived from sockets, shift and calls; never set directly except `away`. */
export const presenceState = z.enum(['offline', 'online', 'away', 'in_call', 'on_break']);
export type PresenceState = z.infer<typeof presenceState>;

/** What anyone may know of a person. */
export const publicProfile = z.object({
  id: userId,
  role,
  displayName: z.string(),
  /** How the name is said, as the person wrote it (“GREH-tuh”); null where they left it out. */
  pronunciation: z.nullable(z.string()),
  about: z.string(),
  languages: z.array(z.string()),
  skills: z.array(z.string()),
  gender: z.nullable(z.string()),
  ageBand: z.nullable(z.string()),
  portrait: z.nullable(z.string()),
});
export type PublicProfile = z.infer<typeof publicProfile>;

/** The little that a ring or a list needs. */
export const personCard = z.object({ id: userId, displayName: z.string(), portrait: z.nullable(z.string()) });
export type PersonCard = z.infer<typeof personCard>;
