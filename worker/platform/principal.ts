/** Who is asking. Made by the `user` domain from a token whose session it checked in the database. */
import type { SessionId, UserId } from '../protocol/ids.ts';
import type { MonetizationVersion, Role } from '../protocol/people.ts';
import type { Permission } from '../protocol/permissions.ts';

export interface Principal {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly role: Role;
  readonly monetizationVersion: MonetizationVersion;
  readonly ledgerShard: number;
  /** Verified addresses; personal data, never logged. */
  readonly email: string | null;
  readonly phone: string | null;
  readonly permissions: ReadonlySet<Permission>;
}
