/** One device's connection to a room, of whatever make: what a `Writer` needs of it, and what it tells the writer. */
import type { Random } from '../../simulation/random.ts';
import type { Claim, Sent } from './notes.ts';

export interface Line {
  /** Connects and catches up; false where the room could not be reached. */
  open(): Promise<boolean>;
  readonly isOpen: () => boolean;
  /** Sends over the connection. */
  send(message: Sent): void;
  /** Sends without the connection, where the room has such a way; resolves when it is answered, whatever the answer. */
  post?(message: Sent): Promise<void>;
  /** Does something else than sending: edits, reacts, reads. */
  fidget?(random: Random): void;
  /** Leaves something in the room that is no message, where the room has such things; resolves when it is there. */
  mark?(going: () => boolean): Promise<void>;
  /** Breaks the connection without a word. */
  cut(): void;
}

/** What happens on a line. */
export interface Ear {
  /** The room has greeted, and says this. `whole`: all that the greeting brings was shown already. */
  greeted(claim: Claim, whole: boolean): void;
  acknowledged(clientId: string): void;
  /** One more line on the screen. */
  shown(clientId: string): void;
  /** The screen is thrown away and drawn anew. */
  redrawn(clientIds: readonly string[]): void;
  /** A message was not taken, for a time: it may be sent again. */
  refused(clientId: string): void;
  /** Something that no room may do. */
  wrong(what: string): void;
}

/** A make of room, started, killed and started again. */
export interface Make {
  readonly name: string;
  /** It means to keep what it was told: worth waiting for on every screen. */
  readonly keeps: boolean;
  /** The line of a person's device to one of its rooms. */
  line(room: number, person: number, device: number, ear: Ear): Line;
  /** Before a run's first device comes; the rooms are as a run wants them. */
  prepare(run: number): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** What somebody sees who opens the room for the first time; of this run's messages alone. */
  fresh(room: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}
