/** The only SQL for `setting`. */
import { eq } from 'drizzle-orm';
import { setting } from '../../../db/schema/settings.ts';
import { database, statementOf } from '../../platform/database.ts';

export type SettingRow = typeof setting.$inferSelect;

/** Every setting that was ever changed; a handful of rows. */
export const allSettings = (binding: D1Database): Promise<SettingRow[]> => database(binding).select().from(setting);

export const oneSetting = (binding: D1Database, key: string): Promise<SettingRow | undefined> =>
  database(binding).select().from(setting).where(eq(setting.key, key)).get();

export const upsertSetting = (binding: D1Database, row: SettingRow): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .insert(setting)
      .values(row)
      .onConflictDoUpdate({ target: setting.key, set: { value: row.value, changedAt: row.changedAt, changedBy: row.changedBy } }),
  );

/**
 * Aborts its batch unless the setting was last changed at `changedAt` (null: never). SQLite raises words of its own in
 * triggers only; reading something that is no JSON as JSON is an error anywhere.
 */
export const unlessChangedSince = (binding: D1Database, key: string, changedAt: number | null): D1PreparedStatement =>
  binding
    .prepare(`SELECT iif((SELECT changed_at FROM setting WHERE key = ?1) IS ?2, 1, json_extract('changed meanwhile', '$'))`)
    .bind(key, changedAt);
