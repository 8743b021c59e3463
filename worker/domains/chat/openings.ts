/** Rules that open a conversation when something happened: kept by staff, carried out by a job. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type { addOpeningRule, changeOpeningRule, OpeningEvent, OpeningRule } from '../../protocol/http/openings.ts';
import type { OpeningRuleId, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { blockedBetween, hiddenFrom } from '../blocklist/service.ts';
import { companionsByIds, listCompanions } from '../companions/service.ts';
import { advanceStatement, auditStatement, eventStatement, type LoggedEvent, unreadEvents } from '../event_log/service.ts';
import { publicProfiles } from '../profile/service.ts';
import { userById } from '../user/service.ts';
import { chatOfPair } from './conversations.ts';
import { type Candidate, dayOf, decideOpening, type Newcomer, ruleErrors } from './opening-rules.ts';
import {
  beginOpening,
  type Counts,
  countsOfRules,
  countsOn,
  dropOpening,
  dueRows,
  finishStatement,
  insertRule,
  type OpeningRow,
  planStatement,
  postponeOpening,
  type RuleRow,
  ruleRow,
  ruleRows,
  unlessRuleChanged,
  updateRule,
} from './openings-store.ts';
import { askRoom } from './rooms.ts';
import { peersOf } from './store.ts';

// ── the rules ───────────────────────────────────────────────────────────────────────────────────────────────────────

const NOTHING: Counts = { done: 0, waiting: 0, dropped: 0 };

export async function listRules(ctx: Context): Promise<OpeningRule[]> {
  const [rows, counts] = await Promise.all([ruleRows(ctx.env.DB), countsOfRules(ctx.env.DB)]);
  return rows.map((row) => toWire(row, counts.get(row.id)));
}

/** @throws Problem `validation_failed` */
export async function addRule(ctx: Context, actor: UserId, wish: BodyOf<typeof addOpeningRule>): Promise<OpeningRule> {
  const row: RuleRow = { ...wish, id: newId('opr'), createdAt: ctx.now, changedAt: ctx.now, changedBy: actor };
  await mustHold(ctx, row);
  await ctx.env.DB.batch([
    insertRule(ctx.env.DB, row),
    auditStatement(ctx, { actor, action: 'opening.edit', subject: row.id, before: null, after: edited(row) }),
  ]);
  return toWire(row, NOTHING);
}

/** @throws Problem `not_found`, `validation_failed`, `version_conflict` */
export async function changeRule(
  ctx: Context,
  actor: UserId,
  id: OpeningRuleId,
  { seenChangedAt, ...change }: BodyOf<typeof changeOpeningRule>,
): Promise<OpeningRule> {
  const before = await ruleRow(ctx.env.DB, id);
  if (!before) throw new Problem('not_found', 'There is no such rule.');
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<RuleRow>;
  // Two changes within a millisecond are told apart.
  const row: RuleRow = { ...before, ...given, changedAt: Math.max(ctx.now, before.changedAt + 1), changedBy: actor };
  await mustHold(ctx, row);
  try {
    await ctx.env.DB.batch([
      unlessRuleChanged(ctx.env.DB, id, Date.parse(seenChangedAt)),
      updateRule(ctx.env.DB, row),
      auditStatement(ctx, { actor, action: 'opening.edit', subject: id, before: edited(before), after: edited(row) }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'malformed JSON')) throw new Problem('version_conflict', 'Somebody changed this rule meanwhile.');
    throw thrown;
  }
  return toWire(row, (await countsOfRules(ctx.env.DB)).get(id));
}

const edited = ({ name, event, templates, cohort, companions, delayMinutes, perCompanionDay, enabled }: RuleRow) => ({
  ...{ name, event, templates, cohort, companions },
  ...{ delayMinutes, perCompanionDay, enabled },
});

async function mustHold(ctx: Context, rule: RuleRow): Promise<void> {
  const fields = ruleErrors(rule);
  if (rule.companions.choice === 'named') {
    const known = await companionsByIds(ctx, rule.companions.ids);
    for (const [n, id] of rule.companions.ids.entries())
      if (!known.has(id)) fields.push({ path: `companions.ids.${n}`, message: 'is no approved companion' });
  }
  if (fields.length > 0) throw new Problem('validation_failed', 'This rule can’t be so; see `fields`.', { fields });
}

const toWire = (row: RuleRow, counts: Counts = NOTHING): OpeningRule => ({
  id: row.id as OpeningRuleId,
  name: row.name,
  event: row.event,
  templates: row.templates,
  cohort: row.cohort,
  companions: row.companions,
  delayMinutes: row.delayMinutes,
  perCompanionDay: row.perCompanionDay,
  enabled: row.enabled,
  createdAt: toTimestamp(row.createdAt),
  changedAt: toTimestamp(row.changedAt),
  counts,
});

// ── what they do ────────────────────────────────────────────────────────────────────────────────────────────────────

const READER = 'chat.openings';
const AT_ONCE = 200;

/** The event of the log that a rule's event is. */
const loggedAs: Readonly<Record<OpeningEvent, string>> = { sign_up: 'user.signed_up', follow: 'follow.made' };

/** Looks at what happened since the last time, then writes what is due. */
export async function runOpenings(ctx: Context): Promise<void> {
  await plan(ctx);
  await carryOut(ctx);
}

/** Its place in the log moves in the batch that plans what follows: nothing is planned twice, nothing is missed. */
async function plan(ctx: Context): Promise<void> {
  const rules = (await ruleRows(ctx.env.DB)).filter(({ enabled }) => enabled);
  for (;;) {
    const events = await unreadEvents(ctx, { reader: READER, types: Object.values(loggedAs), limit: AT_ONCE });
    const last = events.at(-1);
    if (!last) return;
    const planned = events.flatMap((event) =>
      rules
        .filter((rule) => loggedAs[rule.event] === event.type && event.occurredAt >= rule.createdAt)
        .map((rule) =>
          planStatement(ctx.env.DB, { ruleId: rule.id, ...peopleOf(event), dueAt: event.occurredAt + rule.delayMinutes * 60_000 }),
        ),
    );
    await ctx.env.DB.batch([...planned, advanceStatement(ctx, { reader: READER, seq: last.seq })]);
    if (events.length < AT_ONCE) return;
  }
}

const peopleOf = ({ type, subject, actor }: LoggedEvent): { memberId: string; followedId: string | null } =>
  type === loggedAs.follow ? { memberId: actor ?? '', followedId: subject } : { memberId: subject, followedId: null };

/** One that fails is tried again later, ms, so that many of them hold up no other. */
const AGAIN_MS = 5 * 60_000;

async function carryOut(ctx: Context): Promise<void> {
  const rows = await dueRows(ctx.env.DB, ctx.now, AT_ONCE);
  for (const row of rows)
    try {
      const begun = row.state === 'sending' ? row : await begin(ctx, row);
      if (begun) await write(ctx, begun);
    } catch (thrown) {
      ctx.log.error('a conversation could not be opened by its rule', {
        ruleId: row.ruleId,
        memberId: row.memberId,
        cause: causeOf(thrown),
      });
      await postponeOpening(ctx.env.DB, { ...row, dueAt: ctx.now + AGAIN_MS });
    }
}

type Begun = Pick<OpeningRow, 'ruleId' | 'memberId' | 'companionId' | 'text'>;

/** Decides who writes and what, and keeps it before anything is written: a crash goes on with the same. */
async function begin(ctx: Context, { ruleId, memberId, followedId }: OpeningRow): Promise<Begun | null> {
  const [rule, member] = await Promise.all([ruleRow(ctx.env.DB, ruleId), newcomer(ctx, memberId as UserId, followedId as UserId | null)]);
  const decision = rule && member ? decideOpening(rule, member, await candidates(ctx, memberId as UserId)) : { dropped: 'cohort' as const };
  if ('dropped' in decision) {
    await dropOpening(ctx.env.DB, { ruleId, memberId, reason: decision.dropped });
    return null;
  }
  const { companionId, text } = decision;
  const begun = await beginOpening(ctx.env.DB, {
    ...{ ruleId, memberId, companionId, text },
    day: dayOf(ctx.now),
    cap: rule?.perCompanionDay ?? 0,
  });
  return begun ? { ruleId, memberId, companionId, text } : null;
}

async function newcomer(ctx: Context, id: UserId, followedId: UserId | null): Promise<Newcomer | null> {
  const user = await userById(ctx, id);
  const profile = user && (await publicProfiles(ctx, [user])).get(id);
  if (!user || !profile) return null;
  const { displayName, languages } = profile;
  return { role: user.role, displayName, languages, plan: user.monetizationVersion, followedId };
}

async function candidates(ctx: Context, memberId: UserId): Promise<Candidate[]> {
  const [companions, hidden, today, peers] = await Promise.all([
    listCompanions(ctx),
    hiddenFrom(ctx, memberId),
    countsOn(ctx.env.DB, dayOf(ctx.now)),
    peersOf(ctx.env.DB, memberId),
  ]);
  const known = new Set(peers);
  const seen = companions.filter(({ userId }) => !hidden.has(userId)).map(({ userId }) => ({ id: userId, role: 'companion' as const }));
  const profiles = await publicProfiles(ctx, seen);
  return seen.map(({ id }) => ({
    id,
    displayName: profiles.get(id)?.displayName ?? '',
    languages: profiles.get(id)?.languages ?? [],
    today: today.get(id) ?? 0,
    known: known.has(id),
  }));
}

/** The message first, by a key of its own, then the row: after a crash in between the same message is found again. */
async function write(ctx: Context, { ruleId, memberId, companionId, text }: Begun): Promise<void> {
  const pair = { memberId: memberId as UserId, companionId: companionId as UserId };
  const blocked = () => dropOpening(ctx.env.DB, { ruleId, memberId, reason: 'blocked' });
  if (await blockedBetween(ctx, pair.memberId, pair.companionId)) return blocked();
  const chat = await chatOfPair(ctx, pair);
  const key = `opening:${ruleId}:${memberId}`;
  const post = { key, sender: pair.companionId, automatic: true, kind: 'text', body: { text: text ?? '' }, now: ctx.now } as const;
  const answer = await askRoom(ctx, chat, (room) => room.post(post));
  if (!answer.ok && answer.code === 'blocked') return blocked();
  if (!answer.ok) throw new Error(answer.detail);
  await ctx.env.DB.batch([
    finishStatement(ctx.env.DB, { ruleId, memberId }),
    eventStatement(ctx, { type: 'chat.opened_by_rule', subject: chat.id, payload: { ruleId, memberId, companionId } }),
  ]);
}
