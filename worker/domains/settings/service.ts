/**
 * Reads and changes settings. Read from the database each time: a change holds for the next thing that begins, wherever
 * it runs, and a call keeps what it began with.
 */
import type * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { parse } from '../../platform/serve.ts';
import type { setting as wireSetting } from '../../protocol/http/admin.ts';
import type { UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import {
  type CallSettings,
  type ChatSettings,
  callSettingsOf,
  catalogue,
  chatSettingsOf,
  clashOf,
  isSettingKey,
  type SettingKey,
  type SettingValue,
  settingKeys,
  settingValue,
} from './rules.ts';
import { allSettings, oneSetting, type SettingRow, unlessChangedSince, upsertSetting } from './store.ts';

type WireSetting = z.infer<typeof wireSetting>;

/** One setting's value. */
export async function setting<K extends SettingKey>(ctx: Context, key: K): Promise<SettingValue<K>> {
  return settingValue(key, (await oneSetting(ctx.env.DB, key))?.value);
}

/** What a call that begins now is led by. */
export async function callSettings(ctx: Context): Promise<CallSettings> {
  const rows = await allSettings(ctx.env.DB);
  return callSettingsOf(new Map(rows.map((row) => [row.key, row.value])));
}

/** What a conversation is led by. */
export async function chatSettings(ctx: Context): Promise<ChatSettings> {
  const rows = await allSettings(ctx.env.DB);
  return chatSettingsOf(new Map(rows.map((row) => [row.key, row.value])));
}

export async function listSettings(ctx: Context): Promise<WireSetting[]> {
  const rows = new Map((await allSettings(ctx.env.DB)).map((row) => [row.key, row]));
  return settingKeys.map((key) => toWire(key, rows.get(key)));
}

/**
 * Changes a setting and writes the audit entry with it.
 * @param change.seenChangedAt `changedAt` of what the editor saw
 * @throws Problem `not_found` for an unknown key, `validation_failed` (field `value…`) for a value its rule refuses,
 *   `version_conflict` where it was changed since the editor looked
 */
export async function changeSetting(
  ctx: Context,
  change: { key: string; value: unknown; actor: UserId; seenChangedAt?: string | null | undefined },
): Promise<WireSetting> {
  const { key, actor } = change;
  if (!isSettingKey(key)) throw new Problem('not_found', 'There is no setting with this key.');
  const value = parseValue(key, change.value);
  const stored = new Map((await allSettings(ctx.env.DB)).map((other) => [other.key, other.value]));
  const clash = clashOf(key, value, stored);
  if (clash) throw new Problem('validation_failed', 'This setting can’t have this value.', { fields: [{ path: 'value', message: clash }] });
  const before = settingValue(key, stored.get(key));
  const row: SettingRow = { key, value: JSON.stringify(value), changedAt: ctx.now, changedBy: actor };
  const seen = change.seenChangedAt;
  try {
    await ctx.env.DB.batch([
      ...(seen === undefined ? [] : [unlessChangedSince(ctx.env.DB, key, seen === null ? null : Date.parse(seen))]),
      upsertSetting(ctx.env.DB, row),
      auditStatement(ctx, { actor, action: 'settings.edit', subject: `setting:${key}`, before, after: value }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'malformed JSON')) throw new Problem('version_conflict', 'Somebody changed this setting meanwhile.');
    throw thrown;
  }
  return toWire(key, row);
}

/** Fields are named from the body's point of view: `value`, `value.COIN`. */
function parseValue(key: SettingKey, value: unknown): unknown {
  try {
    return parse(catalogue[key].schema, value);
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    const fields = thrown.fields?.map(({ path, message }) => ({ path: path ? `value.${path}` : 'value', message }));
    throw new Problem('validation_failed', 'This setting can’t have this value.', fields ? { fields } : {});
  }
}

const toWire = (key: SettingKey, row: SettingRow | undefined): WireSetting => ({
  key,
  value: settingValue(key, row?.value),
  default: catalogue[key].default,
  description: catalogue[key].description,
  changedAt: row ? toTimestamp(row.changedAt) : null,
});
