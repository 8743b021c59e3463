/** To whom mail may go: what is known against an address, by its hash. */
import type { Context } from '../../platform/context.ts';
import { mailAddressHash, mailAddressHashes } from './mail-keys.ts';
import { noteSuppression, type SuppressionRow, suppressionsOf, suppressionsOfAll } from './suppression-store.ts';
import { groupOf, type MailGroup, mailPasses, type Suppression } from './words/mail-groups.ts';

/** Whether a mail of this group may go to this address. */
export const mayMail = async (ctx: Context, to: { address: string; group: MailGroup }): Promise<boolean> =>
  (await mailable(ctx, { addresses: [to.address], group: to.group })).has(to.address);

/** Those of `addresses` to which a mail of this group may go; one read whatever their number. */
export async function mailable(
  ctx: Context,
  { addresses, group }: { addresses: readonly string[]; group: MailGroup },
): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const hashes = await mailAddressHashes(ctx.env, addresses);
  const known = Map.groupBy(await suppressionsOfAll(ctx.env.DB, [...hashes.values()]), ({ addressHash }) => addressHash);
  return new Set(addresses.filter((address) => mailPasses((known.get(hashes.get(address) ?? '') ?? []).map(toKnown), group)));
}

/** How an address stands: `reaches` is false where no mail arrives at all, `stopped` are the groups that its owner stopped. */
export interface MailStanding {
  readonly reaches: boolean;
  /** True where one of our mails was reported as spam: only what an account can't do without is sent. */
  readonly reported: boolean;
  readonly stopped: MailGroup[];
}

/** For the settings of a person: whether our mail reaches them. Null: they have no address. */
export async function mailStandingOf(ctx: Context, address: string | null): Promise<MailStanding | null> {
  if (address === null) return null;
  const known = (await suppressionsOf(ctx.env.DB, await mailAddressHash(ctx.env, address))).map(toKnown);
  const all = known.some(({ cause }) => cause === 'unsubscribe') ? (['news'] as const) : [];
  const groups = known.flatMap(({ group }) => (group === null ? [] : [group]));
  return {
    reaches: known.every(({ cause }) => cause !== 'bounce'),
    reported: known.some(({ cause }) => cause === 'spam_report'),
    stopped: [...new Set([...groups, ...all])].toSorted(),
  };
}

/** Whether the owner of an address stopped a group of mails, or all lists that it is one of. */
export async function isStopped(ctx: Context, of: { addressHash: string; group: MailGroup }): Promise<boolean> {
  const known = (await suppressionsOf(ctx.env.DB, of.addressHash)).map(toKnown);
  return !mailPasses(
    known.filter(({ cause }) => cause === 'unsubscribe' || cause === 'group_unsubscribe'),
    of.group,
  );
}

/** The owner of an address stops a group of mails, or takes that back; of marketing, also having left all lists. */
export async function setStopped(
  ctx: Context,
  order: { addressHash: string; group: MailGroup; stopped: boolean; source: 'reader' | 'staff' },
): Promise<void> {
  const { addressHash, group, stopped, source } = order;
  const row: SuppressionRow = { addressHash, cause: 'group_unsubscribe', mailGroup: group, at: ctx.now, lifted: !stopped, source };
  await ctx.env.DB.batch([
    noteSuppression(ctx.env.DB, row),
    ...(stopped || groupOf(group).stream !== 'marketing'
      ? []
      : [noteSuppression(ctx.env.DB, { ...row, cause: 'unsubscribe', mailGroup: '' })]),
  ]);
}

const toKnown = ({ cause, mailGroup }: SuppressionRow): Suppression => ({
  cause,
  group: mailGroup === '' ? null : (mailGroup as MailGroup),
});
