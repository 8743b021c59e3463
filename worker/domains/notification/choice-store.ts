/** The only SQL for `notification_choice`. */
import type { UserId } from '../../protocol/ids.ts';

/** What somebody chose. */
export interface ChoiceRow {
  readonly quietOn: boolean;
  readonly quietFrom: string;
  readonly quietTo: string;
  readonly ringsAtNight: boolean;
  /** Kind → channel → whether it is used; what was never touched is left out. */
  readonly channels: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}

/** What those of `ids` chose who ever did. */
export async function choicesOf(binding: D1Database, ids: readonly UserId[]): Promise<Map<UserId, ChoiceRow>> {
  const { results } = await binding
    .prepare(
      `SELECT user_id AS userId, quiet_on, quiet_from, quiet_to, rings_at_night, channels FROM notification_choice
       WHERE user_id IN (SELECT value FROM json_each(?))`,
    )
    .bind(JSON.stringify(ids))
    .all<{ userId: UserId; quiet_on: number; quiet_from: string; quiet_to: string; rings_at_night: number; channels: string }>();
  return new Map(
    results.map((row) => [
      row.userId,
      {
        quietOn: row.quiet_on === 1,
        quietFrom: row.quiet_from,
        quietTo: row.quiet_to,
        ringsAtNight: row.rings_at_night === 1,
        channels: JSON.parse(row.channels) as ChoiceRow['channels'],
      },
    ]),
  );
}

/** Changes what is given, in one statement: two devices that change different things at once lose nothing. */
export async function changeChoice(binding: D1Database, userId: UserId, change: Partial<ChoiceRow>, now: number): Promise<void> {
  const { quietOn, quietFrom, quietTo, ringsAtNight, channels = {} } = change;
  const bit = (value: boolean | undefined): number | null => (value === undefined ? null : value ? 1 : 0);
  await binding
    .prepare(
      `INSERT INTO notification_choice (user_id, quiet_on, quiet_from, quiet_to, rings_at_night, channels, changed_at)
       VALUES (?1, coalesce(?2, 0), coalesce(?3, '22:00'), coalesce(?4, '07:00'), coalesce(?5, 1), json_patch('{}', ?6), ?7)
       ON CONFLICT (user_id) DO UPDATE SET quiet_on = coalesce(?2, quiet_on), quiet_from = coalesce(?3, quiet_from),
         quiet_to = coalesce(?4, quiet_to), rings_at_night = coalesce(?5, rings_at_night), channels = json_patch(channels, ?6),
         changed_at = ?7`,
    )
    .bind(userId, bit(quietOn), quietFrom ?? null, quietTo ?? null, bit(ringsAtNight), JSON.stringify(channels), now)
    .run();
}
