/** What the devices of one room saw through a run, as plain data: all that the checks look at. */

export interface Sent {
  /** The sender's name for it: unique. */
  readonly clientId: string;
  readonly text: string;
}

/**
 * What a room told a device that came (back): `complete`, what you have and what I send now is everything; `partial`,
 * something may be missing (and may be fetched); `new`, the device had nothing before.
 */
export type Claim = 'complete' | 'partial' | 'new';

/** One connection of a device. */
export interface Visit {
  readonly claim: Claim;
  /** How many messages of the room were acknowledged, to whomever, before the device asked. */
  readonly ackedBefore: number;
  /** … and when it was answered: what came between is on neither side of a claim. */
  readonly ackedThen: number;
  /** What the device then had, once it had had time to be told. Null where it was cut off before. */
  had: ReadonlySet<string> | null;
}

/** What one device did and saw. */
export interface Notes {
  readonly device: string;
  /** In the order in which they were first sent. */
  readonly sent: Sent[];
  /** What its screen shows at the end: message names in order, one for each line shown. */
  copy: string[];
  readonly visits: Visit[];
  /** It came back after the kill and was there at the end. */
  returned: boolean;
}

/** One room through one run. */
export interface RoomNotes {
  readonly room: string;
  /** Names of messages in the order in which they were first acknowledged to their sender. */
  readonly acked: string[];
  readonly devices: readonly Notes[];
  /** What somebody sees who opens the room for the first time after the kill. */
  fresh: readonly string[];
}
