/** The catalogue of settings: key, what its value must be, its default, what it does. Adding one is adding a line here. */
import * as z from 'zod/mini';

interface SettingRule<S extends z.ZodMiniType = z.ZodMiniType> {
  readonly schema: S;
  readonly default: z.infer<S>;
  readonly description: string;
}

const rule = <S extends z.ZodMiniType>(schema: S, value: z.infer<S>, description: string): SettingRule<S> => ({
  schema,
  default: value,
  description,
});

const HOUR_MS = 3_600_000;
/** Down to a tenth of a second, so that a test of a whole call need not wait for minutes. */
const ms = z.int().check(z.gte(100), z.lte(HOUR_MS));
const amountLimit = z.int().check(z.gte(0), z.lte(1_000_000_000));

export const catalogue = {
  'call.ringMs': rule(ms, 30_000, 'How long a call rings in the browser, in ms'),
  'call.ringMobileMs': rule(ms, 45_000, 'How long a call rings when a phone app has been woken for it, in ms'),
  'call.connectMs': rule(ms, 20_000, 'How long both have, after the answer, to get their media up, in ms'),
  'call.heartbeatMs': rule(ms, 5_000, 'How often a client shows that it is there, in ms'),
  'call.deadMs': rule(ms, 15_000, 'Silence after which a call is reconnecting and its clock stands still, in ms'),
  'call.reconnectMs': rule(ms, 30_000, 'How long a reconnecting call waits, counted from call.deadMs, before it is lost, in ms'),
  'call.soloMs': rule(ms, 60_000, 'How long one person may sit in a call whose other side has no media, in ms'),
  'call.frozenMs': rule(ms, 90_000, 'Frozen time in one call after which it is lost, in ms'),
  'call.maxSeconds': rule(z.int().check(z.gte(1), z.lte(86_400)), 28_800, 'The longest call, in seconds; a tariff may set less'),
  'call.resumeMs': rule(ms, 120_000, 'How long after running out of balance a call can be resumed, in ms'),
  'chat.answerWithinMs': rule(ms, 600_000, 'How long a member should wait at most for an answer in a conversation, in ms'),
  'chat.returnAfterMs': rule(ms, 1_800_000, 'How long an unanswered conversation stays with its companion before any may take it, in ms'),
  'chat.editWindowMs': rule(ms, 900_000, 'How long somebody can edit what they wrote in a conversation, in ms'),
  'chat.deleteWindowMs': rule(
    z.int().check(z.gte(100), z.lte(30 * 24 * HOUR_MS)),
    24 * HOUR_MS,
    'How long somebody can delete what they wrote in a conversation, in ms',
  ),
  'chat.framesPerSecond': rule(
    z.nullable(z.int().check(z.gte(1), z.lte(100_000))),
    null,
    'How much one device may send in a conversation, in frames a second; null: 20, and as much as it likes on a developer’s machine',
  ),
  'notification.collectMs': rule(ms, 1_800_000, 'How long a missed call waits for others, to be told together in one mail, in ms'),
  'media.autoPass': rule(
    z.nullable(z.boolean()),
    null,
    'Whether new photos are shown without a moderator; null: only on a developer’s machine',
  ),
  'ledger.adjustmentLimit': rule(
    z.strictObject({ COIN: amountLimit, MOMENT: amountLimit, EARN: amountLimit }),
    { COIN: 1_000, MOMENT: 20, EARN: 1_000 },
    'By unit: an adjustment larger than this, either way, needs a second person',
  ),
  'moments.piece': rule(
    z.strictObject({
      audioSeconds: z.int().check(z.gte(60), z.lte(86_400)),
      videoSeconds: z.int().check(z.gte(60), z.lte(86_400)),
      messages: z.int().check(z.gte(1), z.lte(10_000)),
      restHours: z.int().check(z.gte(1), z.lte(720)),
    }),
    { audioSeconds: 600, videoSeconds: 300, messages: 20, restHours: 24 },
    'What one moment buys with one companion: seconds by voice, or by video, or messages; and how long a rest waits for the next time, in hours',
  ),
  'shop.refundLimit': rule(amountLimit, 5_000, 'A refund larger than this, in the currency’s smallest unit (cents), needs a second person'),
  'shop.keepDeliveryDays': rule(
    z.int().check(z.gte(1), z.lte(3_650)),
    90,
    'How many days the wording of a payment message is kept after it had its effect; what it said and whose it was stays',
  ),
  'shop.subscriptions': rule(
    z.strictObject({ web: z.boolean(), ios: z.boolean(), android: z.boolean() }),
    { web: true, ios: true, android: true },
    'Where plans are sold, by platform; a plan that somebody has runs on wherever they bought it',
  ),
} as const;

export type SettingKey = keyof typeof catalogue;
export type SettingValue<K extends SettingKey> = z.infer<(typeof catalogue)[K]['schema']>;

export const settingKeys = Object.keys(catalogue) as readonly SettingKey[];

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(catalogue, key);

/** What is stored where it still fits the rule, else the default: a rule that was tightened never breaks a call. */
export function settingValue<K extends SettingKey>(key: K, stored: string | undefined): SettingValue<K> {
  const { schema, default: fallback } = catalogue[key];
  if (stored === undefined) return fallback as SettingValue<K>;
  const parsed = z.safeParse(schema, JSON.parse(stored));
  return (parsed.success ? parsed.data : fallback) as SettingValue<K>;
}

/** The settings a call is led by; read when it is placed and frozen into it. */
export interface CallSettings {
  readonly ringWebMs: number;
  readonly ringMobileMs: number;
  readonly connectMs: number;
  readonly heartbeatMs: number;
  readonly deadMs: number;
  readonly reconnectMs: number;
  readonly soloMs: number;
  readonly frozenMs: number;
  readonly maxSeconds: number;
  readonly resumeMs: number;
}

/** The call settings out of stored rows, defaults where there is none. */
export const callSettingsOf = (stored: ReadonlyMap<string, string>): CallSettings => {
  const value = <K extends SettingKey>(key: K) => settingValue(key, stored.get(key));
  return {
    ringWebMs: value('call.ringMs'),
    ringMobileMs: value('call.ringMobileMs'),
    connectMs: value('call.connectMs'),
    heartbeatMs: value('call.heartbeatMs'),
    deadMs: value('call.deadMs'),
    reconnectMs: value('call.reconnectMs'),
    soloMs: value('call.soloMs'),
    frozenMs: value('call.frozenMs'),
    maxSeconds: value('call.maxSeconds'),
    resumeMs: value('call.resumeMs'),
  };
};

/** The settings a conversation is led by; read again now and then. */
export interface ChatSettings {
  readonly editWindowMs: number;
  readonly deleteWindowMs: number;
  /** Null: the default of the environment. */
  readonly framesPerSecond: number | null;
}

export const chatSettingsOf = (stored: ReadonlyMap<string, string>): ChatSettings => ({
  editWindowMs: settingValue('chat.editWindowMs', stored.get('chat.editWindowMs')),
  deleteWindowMs: settingValue('chat.deleteWindowMs', stored.get('chat.deleteWindowMs')),
  framesPerSecond: settingValue('chat.framesPerSecond', stored.get('chat.framesPerSecond')),
});

/** Why a value can't stand beside the other settings; null where it can. */
export function clashOf(key: SettingKey, value: unknown, stored: ReadonlyMap<string, string>): string | null {
  if (key !== 'call.heartbeatMs' && key !== 'call.deadMs') return null;
  const { heartbeatMs, deadMs } = callSettingsOf(new Map([...stored, [key, JSON.stringify(value)]]));
  return deadMs >= 2 * heartbeatMs
    ? null
    : 'call.deadMs must be twice call.heartbeatMs at least: else every call falls silent between beats';
}
