/** What a container turned out to hold. */
export interface Found {
  /** Tracks by what they carry. */
  readonly sound: boolean;
  readonly picture: boolean;
  /** As it is shown, in px; null where there is no picture. */
  readonly width: number | null;
  readonly height: number | null;
  /** Null where the bytes don't say. */
  readonly durationMs: number | null;
}

/** A sentence on why bytes can't be taken; shown to who sent them. Thrown by the readers of containers, caught in `read.ts`. */
export class Unfit extends Error {}

export const damaged = (): Unfit => new Unfit('is damaged, or cut off');

export const nameAt = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);

/** Parts of a file beyond any that is honest: such a file only costs time. */
export const MOST_PARTS = 200_000;
