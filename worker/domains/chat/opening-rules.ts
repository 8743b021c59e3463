/** What a rule that opens conversations does for one member: who writes, and what; or why nobody does. */
import type { FieldError } from '../../protocol/errors.ts';
import type { OpeningCohort, OpeningCompanions, OpeningEvent } from '../../protocol/http/openings.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { MonetizationVersion, Role } from '../../protocol/people.ts';

/** What of a rule decides. */
export interface Rule {
  readonly event: OpeningEvent;
  readonly templates: Readonly<Record<string, string>>;
  readonly cohort: OpeningCohort;
  readonly companions: OpeningCompanions;
  readonly perCompanionDay: number;
  readonly enabled: boolean;
}

export interface Newcomer {
  readonly role: Role;
  readonly displayName: string;
  readonly languages: readonly string[];
  readonly plan: MonetizationVersion;
  /** Whom they made a favourite, where that is the event. */
  readonly followedId: UserId | null;
}

/** An approved companion whom no block keeps from the member. */
export interface Candidate {
  readonly id: UserId;
  readonly displayName: string;
  readonly languages: readonly string[];
  /** How many conversations rules have opened for them today. */
  readonly today: number;
  /** They have a conversation with the member already. */
  readonly known: boolean;
}

export type Dropped = 'disabled' | 'cohort' | 'nobody' | 'known' | 'full' | 'no_text' | 'blocked';
export type Decision = { readonly companionId: UserId; readonly text: string } | { readonly dropped: Dropped };

export function decideOpening(rule: Rule, member: Newcomer, candidates: readonly Candidate[]): Decision {
  if (!rule.enabled) return { dropped: 'disabled' };
  if (!isMeant(rule.cohort, member)) return { dropped: 'cohort' };
  const chosen = candidates.filter((candidate) => isChosen(rule.companions, member, candidate));
  if (chosen.length === 0) return { dropped: 'nobody' };
  const strangers = chosen.filter(({ known }) => !known);
  if (strangers.length === 0) return { dropped: 'known' };
  const [first] = strangers
    .filter(({ today }) => today < rule.perCompanionDay)
    .toSorted((a, b) => a.today - b.today || (a.id < b.id ? -1 : 1));
  if (!first) return { dropped: 'full' };
  const template = templateFor(rule.templates, member.languages);
  if (template === null) return { dropped: 'no_text' };
  return { companionId: first.id, text: filled(template, { member: member.displayName, companion: first.displayName }) };
}

/** `en` of `en-GB`. */
const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';
const shares = (some: readonly string[], others: readonly string[]): boolean => {
  const known = new Set(others.map(primary));
  return some.some((tag) => known.has(primary(tag)));
};

const isMeant = ({ languages, plans }: OpeningCohort, member: Newcomer): boolean =>
  member.role === 'member' &&
  (languages.length === 0 || shares(languages, member.languages)) &&
  (plans.length === 0 || plans.includes(member.plan));

function isChosen(by: OpeningCompanions, member: Newcomer, candidate: Candidate): boolean {
  switch (by.choice) {
    case 'named':
      return by.ids.includes(candidate.id);
    case 'by_language':
      return shares(candidate.languages, member.languages);
    case 'followed':
      return candidate.id === member.followedId;
  }
}

/** The member's first language that there is a text in; else English; null where there is neither. */
export function templateFor(templates: Readonly<Record<string, string>>, languages: readonly string[]): string | null {
  const byTag = new Map(Object.entries(templates).map(([tag, text]) => [tag.toLowerCase(), text]));
  const byPrimary = new Map(Object.entries(templates).map(([tag, text]) => [primary(tag), text]));
  for (const tag of [...languages, 'en']) {
    const text = byTag.get(tag.toLowerCase()) ?? byPrimary.get(primary(tag));
    if (text !== undefined) return text;
  }
  return null;
}

const filled = (template: string, names: Readonly<Record<'member' | 'companion', string>>): string =>
  template.replace(/\{(member|companion)\}/g, (_, who: 'member' | 'companion') => names[who]);

/** What is wrong with a rule whose shape is right. */
export function ruleErrors({ event, templates, companions }: Pick<Rule, 'event' | 'templates' | 'companions'>): FieldError[] {
  const errors: FieldError[] = [];
  if (Object.keys(templates).length === 0) errors.push({ path: 'templates', message: 'must have a text in one language at least' });
  for (const [tag, text] of Object.entries(templates))
    for (const [, name] of text.matchAll(/\{([^}]*)\}/g))
      if (name !== 'member' && name !== 'companion')
        errors.push({ path: `templates.${tag}`, message: `can’t fill {${name}}: there is {member} and {companion}` });
  if (companions.choice === 'followed' && event !== 'follow')
    errors.push({ path: 'companions.choice', message: 'can be followed only where the event is follow' });
  return errors;
}

const DAY_MS = 86_400_000;
/** Days since the epoch, UTC. */
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);
