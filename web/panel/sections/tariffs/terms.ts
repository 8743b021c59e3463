/** Terms as a form holds them (all text), as they are sent, and as lines to compare. */
import type { Tariff, TariffParty, TariffTerms } from '../../../../worker/protocol/http/tariffs.ts';

export interface StepForm {
  readonly id: string;
  readonly atSeconds: string;
  readonly amount: string;
}

export interface PartyForm {
  readonly on: boolean;
  readonly steps: readonly StepForm[];
  readonly every: string;
  readonly then: string;
  readonly cap: string;
}

export interface TermsForm {
  readonly name: string;
  readonly match: Readonly<Record<MatchField, string>>;
  readonly payer: PartyForm;
  readonly payee: PartyForm;
  readonly graceSeconds: string;
  readonly gracePerDay: string;
  readonly maxSeconds: string;
}

export const matchFields = ['kind', 'media', 'payerRole', 'payeeRole', 'direction', 'cohort', 'country'] as const;
export type MatchField = (typeof matchFields)[number];

let made = 0;
/** A line of the checkpoints table; the id only keeps rows apart on the screen. */
export const stepOf = (atSeconds: string, amount: string): StepForm => ({ id: `step-${++made}`, atSeconds, amount });

const text = (value: number | null | undefined): string => (value === null || value === undefined ? '' : String(value));

function partyForm(party: TariffParty | undefined): PartyForm {
  return {
    on: party !== undefined,
    steps: (party?.checkpoints ?? []).map(({ atSeconds, amount }) => stepOf(text(atSeconds), text(amount))),
    every: text(party?.then?.everySeconds),
    then: text(party?.then?.amount),
    cap: text(party?.cap),
  };
}

export function formOf(terms: TariffTerms): TermsForm {
  const side = (wanted: 'payer' | 'payee') => terms.parties.find(({ party }) => party === wanted);
  return {
    name: terms.name,
    match: Object.fromEntries(matchFields.map((field) => [field, terms.match[field] ?? ''])) as TermsForm['match'],
    payer: partyForm(side('payer')),
    payee: partyForm(side('payee')),
    graceSeconds: text(terms.grace?.seconds),
    gracePerDay: text(terms.grace?.perDay),
    maxSeconds: text(terms.maxSeconds),
  };
}

export const emptyTerms: TariffTerms = {
  name: '',
  match: { kind: 'direct' },
  parties: [
    {
      party: 'payer',
      unit: 'COIN',
      direction: 'debit',
      checkpoints: [{ atSeconds: 0, amount: 9 }],
      then: { everySeconds: 60, amount: 60 },
    },
    {
      party: 'payee',
      unit: 'EARN',
      direction: 'credit',
      checkpoints: [{ atSeconds: 20, amount: 30 }],
      then: { everySeconds: 60, amount: 30 },
    },
  ],
  grace: { seconds: 60, perDay: 3 },
  maxSeconds: null,
};

/** A field as the number it says; NaN for what says none, so that the server names it. */
const number = (said: string): number => (/^\d{1,10}$/.test(said.trim()) ? Number(said) : Number.NaN);
const maybe = (said: string): number | null => (said.trim() === '' ? null : number(said));

function partyOf(party: 'payer' | 'payee', form: PartyForm, kept: TariffParty | undefined): TariffParty {
  const cap = maybe(form.cap);
  const repeats = form.every.trim() !== '' || form.then.trim() !== '';
  return {
    party,
    unit: party === 'payer' ? 'COIN' : 'EARN',
    direction: party === 'payer' ? 'debit' : 'credit',
    checkpoints: form.steps.map(({ atSeconds, amount }) => ({ atSeconds: number(atSeconds), amount: number(amount) })),
    then: repeats ? { everySeconds: number(form.every), amount: number(form.then) } : null,
    ...(cap === null ? {} : { cap }),
    // Prices of messages are not edited here: what the version before says stays.
    ...(kept?.perMessage ? { perMessage: kept.perMessage } : {}),
  };
}

/** The form as terms to send. @param base the version it began from */
export function termsOf(form: TermsForm, base: TariffTerms): TariffTerms {
  const kept = (wanted: 'payer' | 'payee') => base.parties.find(({ party }) => party === wanted);
  const match = Object.fromEntries(Object.entries(form.match).filter(([, value]) => value !== '')) as TariffTerms['match'];
  const hasGrace = form.graceSeconds.trim() !== '' || form.gracePerDay.trim() !== '';
  return {
    name: form.name.trim(),
    match,
    parties: (['payer', 'payee'] as const).filter((party) => form[party].on).map((party) => partyOf(party, form[party], kept(party))),
    ...(hasGrace ? { grace: { seconds: number(form.graceSeconds), perDay: number(form.gracePerDay) } } : {}),
    maxSeconds: maybe(form.maxSeconds),
  };
}

/** Fields that say no number where one is due, named as the server names them. */
export function missingIn(terms: TariffTerms): string[] {
  const wrong: string[] = terms.name === '' ? ['name'] : [];
  const look = (value: unknown, path: string): void => {
    if (typeof value === 'number' && Number.isNaN(value)) wrong.push(path);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) look(inner, path ? `${path}.${key}` : key);
  };
  look(terms, '');
  return wrong;
}

export const termsOnly = ({ name, match, parties, grace, maxSeconds }: Tariff): TariffTerms => ({
  name,
  match,
  parties,
  ...(grace ? { grace } : {}),
  maxSeconds: maxSeconds ?? null,
});
