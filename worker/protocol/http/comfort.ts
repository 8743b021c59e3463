/**
 * How the app shows itself to a person, and what they told on their first visit. Kept on the server, so that it follows
 * them to every device.
 */
import * as z from 'zod/mini';
import { callMedia } from '../call/call.ts';
import { userId } from '../ids.ts';
import { timestamp } from '../time.ts';

/** Languages the app is written in. */
export const appLanguage = z.enum(['en', 'de']);
export type AppLanguage = z.infer<typeof appLanguage>;

/** The six steps of the first visit, in their order; each can be skipped. */
export const onboardingSteps = ['name', 'comfort', 'topics', 'people', 'permissions', 'device'] as const;
export const onboardingStep = z.enum(onboardingSteps);
export type OnboardingStep = z.infer<typeof onboardingStep>;
export const onboardingMark = z.enum(['open', 'done', 'skipped']);

/** One face for each of these, and no more than fits a screen. */
export const MAX_ONE_TAP = 6;

export const comfort = z.object({
  /** Per cent of the base size. */
  textSize: z.int(),
  contrast: z.enum(['normal', 'high']),
  /** On by default from 70 years. */
  captions: z.boolean(),
  calmMotion: z.boolean(),
  /** 0 to 100. */
  ringVolume: z.int(),
  vibration: z.boolean(),
  view: z.enum(['simple', 'full']),
  /** Null: as the device says. */
  language: z.nullable(appLanguage),
  oneTap: z.object({
    on: z.boolean(),
    /** The faces, in the order they are shown. */
    companions: z.array(userId),
    /** Whether calls from these companions are answered by themselves. */
    autoAnswer: z.boolean(),
    /** When the person agreed to that; null while it is off. */
    consentedAt: z.nullable(timestamp),
  }),
  onboarding: z.object({
    steps: z.record(onboardingStep, onboardingMark),
    /** True once no step is open. */
    finished: z.boolean(),
  }),
});
export type Comfort = z.infer<typeof comfort>;

/** Null goes back to the default. */
const orDefault = <S extends z.ZodMiniType>(schema: S) => z.optional(z.nullable(schema));

/** What is left out stays; null goes back to the default. `autoAnswer: true` needs `consent: true` beside it. */
export const comfortChange = z.strictObject({
  textSize: orDefault(z.int().check(z.gte(100), z.lte(200))),
  contrast: orDefault(z.enum(['normal', 'high'])),
  captions: orDefault(z.boolean()),
  calmMotion: orDefault(z.boolean()),
  ringVolume: orDefault(z.int().check(z.gte(0), z.lte(100))),
  vibration: orDefault(z.boolean()),
  view: orDefault(z.enum(['simple', 'full'])),
  language: orDefault(appLanguage),
  oneTap: z.optional(
    z.strictObject({
      on: z.optional(z.boolean()),
      companions: z.optional(z.array(userId).check(z.maxLength(MAX_ONE_TAP))),
      autoAnswer: z.optional(z.boolean()),
      consent: z.optional(z.literal(true)),
    }),
  ),
  onboarding: z.optional(z.partialRecord(onboardingStep, onboardingMark)),
});
export type ComfortChange = z.infer<typeof comfortChange>;

/** Whom somebody would rather talk to; null: anybody. */
export const wishes = z.object({
  media: z.nullable(callMedia),
  gender: z.nullable(z.string()),
  ageBand: z.nullable(z.string()),
});
export type Wishes = z.infer<typeof wishes>;
