/** How somebody wants to be told: what they chose, and for the rest what the kinds say. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type { changeNotificationSettings, NotificationSettings } from '../../protocol/http/notifications.ts';
import type { UserId } from '../../protocol/ids.ts';
import { type NotificationChannel, notificationKind } from '../../protocol/notification.ts';
import { languagesOf, timeZonesOf } from '../profile/service.ts';
import { type ChoiceRow, changeChoice, choicesOf } from './choice-store.ts';
import { isOn, type Wishes } from './climb-rules.ts';
import { channelsOf, concerns, kinds } from './kinds.ts';
import { mailAddressHash } from './mail-keys.ts';
import { mailStandingOf, setStopped } from './suppressions.ts';
import type { Reader } from './ways.ts';

/** What holds for who never chose. */
const unchosen: ChoiceRow = { quietOn: false, quietFrom: '22:00', quietTo: '07:00', ringsAtNight: true, channels: {} };

/**
 * Who reads what is said, and by which clock.
 * @param device the language of the device in their hand, where it is known: it counts where they chose none
 */
export async function readerOf(ctx: Context, userId: UserId, device?: AppLanguage): Promise<Reader> {
  const readers = await readersOf(ctx, [userId], device);
  return readers(userId);
}

async function readersOf(ctx: Context, ids: readonly UserId[], device?: AppLanguage): Promise<(userId: UserId) => Reader> {
  const [languages, timeZones] = await Promise.all([languagesOf(ctx, ids, device), timeZonesOf(ctx, ids)]);
  return (userId) => ({ language: languages.get(userId) ?? device ?? 'en', timeZone: timeZones.get(userId) ?? 'UTC' });
}

export type Wished = Wishes & { readonly reader: Reader };

/** The wishes of these people and how they read, in as many reads for a hundred as for one. */
export async function wishesOfAll(ctx: Context, ids: readonly UserId[]): Promise<(userId: UserId) => Wished> {
  const [rows, readers] = await Promise.all([choicesOf(ctx.env.DB, ids), readersOf(ctx, ids)]);
  return (userId) => {
    const reader = readers(userId);
    const { quietOn, quietFrom, quietTo, ringsAtNight, channels } = rows.get(userId) ?? unchosen;
    return { timeZone: reader.timeZone, quiet: { on: quietOn, from: quietFrom, to: quietTo }, ringsAtNight, channels, reader };
  };
}

export async function wishesOf(ctx: Context, userId: UserId): Promise<Wished> {
  const wishes = await wishesOfAll(ctx, [userId]);
  return wishes(userId);
}

type Asker = Pick<Principal, 'userId' | 'role' | 'email'>;

/** What somebody stopped by the link in a mail is off here too. */
export async function readSettings(ctx: Context, { userId, role, email }: Asker): Promise<NotificationSettings> {
  const [{ timeZone, quiet, ringsAtNight, channels }, standing] = await Promise.all([wishesOf(ctx, userId), mailStandingOf(ctx, email)]);
  const names = notificationKind.options.filter((name) => concerns(kinds[name], role));
  return {
    timeZone,
    quiet,
    ringsAtNight,
    mail: standing,
    kinds: names.map((name) => {
      const { group, passesQuiet, fixed } = kinds[name];
      const isStopped = (which: NotificationChannel) => which === 'mail' && standing?.stopped.includes(group);
      const channel = (which: NotificationChannel) =>
        channelsOf(kinds[name]).includes(which)
          ? { on: isOn(name, which, { channels }) && !isStopped(which), changeable: !fixed.includes(which) }
          : null;
      return { kind: name, group, critical: passesQuiet === 'always', push: channel('push'), mail: channel('mail') };
    }),
  };
}

/**
 * Changes what is given; the rest stays. Mails of a kind that are wanted again were not stopped by the link in one of them.
 * @throws Problem `validation_failed` for quiet hours of no length, and for a channel that can't be switched
 */
export async function changeSettings(
  ctx: Context,
  principal: Asker,
  change: BodyOf<typeof changeNotificationSettings>,
): Promise<NotificationSettings> {
  const before = (await choicesOf(ctx.env.DB, [principal.userId])).get(principal.userId) ?? unchosen;
  const { on, from = before.quietFrom, to = before.quietTo } = change.quiet ?? {};
  const fields = [
    ...(from === to ? [{ path: 'quiet.to', message: 'must be another time than from' }] : []),
    ...Object.entries(change.kinds ?? {}).flatMap(([name, channels]) =>
      Object.keys(channels ?? {}).flatMap((channel) => {
        const kind = kinds[name as keyof typeof kinds];
        const path = `kinds.${name}.${channel}`;
        if (!concerns(kind, principal.role) || !channelsOf(kind).includes(channel as NotificationChannel))
          return [{ path, message: 'does not go that way' }];
        return kind.fixed.includes(channel as NotificationChannel) ? [{ path, message: 'can’t be switched' }] : [];
      }),
    ),
  ];
  if (fields.length > 0) throw new Problem('validation_failed', 'These settings can’t be so; see `fields`.', { fields });
  await changeChoice(
    ctx.env.DB,
    principal.userId,
    {
      ...(on === undefined ? {} : { quietOn: on }),
      ...(change.quiet?.from === undefined ? {} : { quietFrom: from }),
      ...(change.quiet?.to === undefined ? {} : { quietTo: to }),
      ...(change.ringsAtNight === undefined ? {} : { ringsAtNight: change.ringsAtNight }),
      ...(change.kinds === undefined ? {} : { channels: change.kinds as ChoiceRow['channels'] }),
    },
    ctx.now,
  );
  if (principal.email !== null) await takeUp(ctx, principal.email, change.kinds ?? {});
  return readSettings(ctx, principal);
}

/** Mails that somebody wants again are not held back by their having stopped them. */
async function takeUp(ctx: Context, email: string, wanted: NonNullable<BodyOf<typeof changeNotificationSettings>['kinds']>): Promise<void> {
  const standing = await mailStandingOf(ctx, email);
  const groups = Object.entries(wanted).flatMap(([name, channels]) => (channels?.mail ? [kinds[name as keyof typeof kinds].group] : []));
  const stopped = [...new Set(groups)].filter((group) => standing?.stopped.includes(group));
  if (stopped.length === 0) return;
  const addressHash = await mailAddressHash(ctx.env, email);
  for (const group of stopped) await setStopped(ctx, { addressHash, group, stopped: false, source: 'reader' });
}
