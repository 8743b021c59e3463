/** Mails by what a reader may stop, and by why they are sent. */
import type { NotificationGroup } from '../../../protocol/notification.ts';

/** Why a mail is sent: because of something that happened to its reader, or to win them for something. */
export type MailStream = 'transactional' | 'marketing';

interface Group {
  readonly stream: MailStream;
  /** False where an account could not be used or kept safe without these mails: nobody stops them, they are never marked as stoppable. */
  readonly stoppable: boolean;
}

/** The groups of notifications, and the codes that people ask for to sign in. */
export type MailGroup = NotificationGroup | 'sign_in';

const mailGroups: Readonly<Record<MailGroup, Group>> = {
  sign_in: { stream: 'transactional', stoppable: false },
  safety: { stream: 'transactional', stoppable: false },
  purchases: { stream: 'transactional', stoppable: false },
  work: { stream: 'transactional', stoppable: false },
  calls: { stream: 'transactional', stoppable: true },
  messages: { stream: 'transactional', stoppable: true },
  news: { stream: 'marketing', stoppable: true },
};

export const isMailGroup = (name: string): name is MailGroup => Object.hasOwn(mailGroups, name);
export const groupOf = (group: MailGroup): Group => mailGroups[group];

/** What is known against sending to an address; each holds until it is lifted. */
export interface Suppression {
  /** `bounce`: there is no such mailbox. `spam_report`: the reader called one of our mails spam. The others: they asked us to stop. */
  readonly cause: 'bounce' | 'spam_report' | 'unsubscribe' | 'group_unsubscribe';
  /** Of `group_unsubscribe` alone. */
  readonly group: MailGroup | null;
}

/** Whether staff may take it back: that mail came back is a fact that can have changed, everything else is a reader's own word. */
export const isLiftable = (cause: Suppression['cause']): boolean => cause === 'bounce';

/**
 * Whether a mail of this group may go to an address of which this is known. Where there is no mailbox nothing goes. Whoever
 * reported spam gets no more than their account can't do without; whoever left all lists gets nothing that is marketing;
 * whoever stopped a group gets the others.
 */
export function mailPasses(known: readonly Suppression[], group: MailGroup): boolean {
  const { stream, stoppable } = groupOf(group);
  return known.every((one) => {
    if (one.cause === 'bounce') return false;
    if (!stoppable) return true;
    if (one.cause === 'spam_report') return false;
    return one.cause === 'unsubscribe' ? stream !== 'marketing' : one.group !== group;
  });
}
