/** How the app shows itself to a person: what they chose, and for the rest what suits most people of their age. */
import type { FieldError } from '../../protocol/errors.ts';
import { type Comfort, type ComfortChange, onboardingStep, type Wishes } from '../../protocol/http/comfort.ts';
import type { UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';

/** What a person chose; everything they never touched is left out. The wire's change without `consent`, plus its moment. */
export type Chosen = Omit<ComfortChange, 'oneTap'> & {
  readonly oneTap?: {
    readonly on?: boolean;
    readonly companions?: readonly UserId[];
    readonly autoAnswer?: boolean;
    readonly consentedAt?: number | null;
  };
};

/** What defaults look at. */
export interface Age {
  /** `YYYY-MM-DD`. */
  readonly birthDate: string | null;
  readonly ageBand: string | null;
}

/** From this age captions are on unless the person turned them off (ux.md, rule 11). */
const CAPTIONS_FROM_YEARS = 70;

/** Whether somebody is `years` old at `now` (ms); by their age band where no birth date is known. */
export function isAtLeast(years: number, { birthDate, ageBand }: Age, now: number): boolean {
  if (birthDate === null) return ageBand !== null && Number.parseInt(ageBand, 10) >= years;
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  return Date.UTC(year + years, month - 1, day) <= now;
}

/** The whole of it, defaults filled in. */
export function comfortOf(chosen: Chosen, age: Age, now: number): Comfort {
  const { oneTap = {}, onboarding = {} } = chosen;
  const steps = Object.fromEntries(
    onboardingStep.options.map((step) => [step, onboarding[step] ?? 'open']),
  ) as Comfort['onboarding']['steps'];
  const { autoAnswer = false, consentedAt = null } = oneTap;
  return {
    textSize: chosen.textSize ?? 100,
    contrast: chosen.contrast ?? 'normal',
    captions: chosen.captions ?? isAtLeast(CAPTIONS_FROM_YEARS, age, now),
    calmMotion: chosen.calmMotion ?? false,
    ringVolume: chosen.ringVolume ?? 80,
    vibration: chosen.vibration ?? true,
    view: chosen.view ?? 'simple',
    language: chosen.language ?? null,
    oneTap: {
      on: oneTap.on ?? false,
      companions: [...(oneTap.companions ?? [])],
      autoAnswer,
      consentedAt: autoAnswer && consentedAt !== null ? toTimestamp(consentedAt) : null,
    },
    onboarding: { steps, finished: Object.values(steps).every((mark) => mark !== 'open') },
  };
}

/** What is wrong with a change whose shape is right: nobody's calls answer themselves without their word. */
export function comfortErrors({ oneTap }: ComfortChange): FieldError[] {
  if (oneTap?.autoAnswer !== true || oneTap.consent === true) return [];
  return [{ path: 'comfort.oneTap.consent', message: 'must be true beside autoAnswer: the person has to agree' }];
}

/**
 * The change as a JSON merge patch (RFC 7396) of what was chosen: null forgets a choice, so that its default holds again.
 */
export function comfortPatch({ oneTap, ...rest }: ComfortChange, now: number): Record<string, unknown> {
  if (!oneTap) return rest;
  const { consent: _, companions, ...choices } = oneTap;
  return {
    ...rest,
    oneTap: {
      ...choices,
      ...(companions ? { companions: [...new Set(companions)] } : {}),
      ...(choices.autoAnswer === undefined ? {} : { consentedAt: choices.autoAnswer ? now : null }),
    },
  };
}

/** Whom a person would rather talk to; anybody where they did not say. */
export const wishesOf = ({ media = null, gender = null, ageBand = null }: Partial<Wishes>): Wishes => ({ media, gender, ageBand });
