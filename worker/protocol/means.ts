/** How somebody pays, in data that a screen can say in plain words. */
import * as z from 'zod/mini';
import { userId } from './ids.ts';
import { monetizationVersion } from './people.ts';
import { timestamp } from './time.ts';

/** What is included in a day, and how much of it is left. */
export const allowanceMeans = z.object({
  is: z.literal('allowance'),
  plan: z.string(),
  seconds: z.int(),
  secondsLeft: z.int(),
  messages: z.int(),
  messagesLeft: z.int(),
  /** When the next day begins; a plan that was never used yet begins with its first use. */
  turnsAt: timestamp,
});

/** A piece of company that one moment opened, and how much of it is left for this companion. */
export const pieceMeans = z.object({
  is: z.literal('piece'),
  peerId: userId,
  audioSecondsLeft: z.int(),
  videoSecondsLeft: z.int(),
  messagesLeft: z.int(),
  /** What is left then is gone. */
  until: timestamp,
});

/** Moments that are left, by when they expire; the first to expire is spent first. */
export const momentsMeans = z.object({
  is: z.literal('moments'),
  left: z.int(),
  lots: z.array(z.object({ left: z.int(), expiresAt: timestamp })),
});

export const coinsMeans = z.object({ is: z.literal('coins'), left: z.int() });

/** What pays, in the order in which it is spent. */
export const ownMeans = z.object({
  model: monetizationVersion,
  means: z.array(z.discriminatedUnion('is', [allowanceMeans, pieceMeans, momentsMeans, coinsMeans])),
});
export type OwnMeans = z.infer<typeof ownMeans>;
