/** Staff: what holds our mail back from somebody, and taking back that it came back to us. */
import * as z from 'zod/mini';
import { userId } from '../ids.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const params = z.strictObject({ id: userId });

export const mailHold = z.object({
  /** `bounce`: mail came back; `spam_report`: they reported one; the others: they asked us to stop, all lists or one group. */
  cause: z.enum(['bounce', 'spam_report', 'unsubscribe', 'group_unsubscribe']),
  /** Of `group_unsubscribe` alone. */
  group: z.nullable(z.string()),
  /** When it was last said. */
  at: timestamp,
  /** Who said it: the mail service, or the person themselves. */
  source: z.enum(['provider', 'reader', 'staff']),
  /** Whether staff can take it back. What somebody asked for is theirs alone to take back. */
  liftable: z.boolean(),
});
export type MailHold = z.infer<typeof mailHold>;

export const personMail = z.object({
  /** False: there is nowhere to send mail to. */
  hasAddress: z.boolean(),
  /** Empty: everything they wish for is sent. */
  holds: z.array(mailHold),
});
export type PersonMail = z.infer<typeof personMail>;

export const readMailOf = endpoint({
  name: 'readMailOf',
  method: 'GET',
  path: '/admin/people/:id/mail',
  tag: 'staff',
  summary: 'What holds our mail back from somebody: that it came back, that they reported it, or that they stopped it',
  access: 'notification.read',
  params,
  status: 200,
  answer: z.object({ mail: personMail }),
});

export const liftBounce = endpoint({
  name: 'liftBounce',
  method: 'POST',
  path: '/admin/people/:id/mail/bounce/lift',
  tag: 'staff',
  summary: 'Try somebody’s address again after mail came back from it; where nothing holds mail back for that, nothing changes',
  access: 'mail.lift',
  params,
  body: z.strictObject({ reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(500)) }),
  status: 200,
  answer: z.object({ mail: personMail }),
  errors: ['overloaded'],
});
