/** One run of one make of room: many write, the room is killed, starts again, everybody comes back, and all is noted. */
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../simulation/random.ts';
import type { Make } from './line.ts';
import type { RoomNotes } from './notes.ts';
import { Writer } from './writer.ts';

export const ROOMS = 5;
const PERSONS = 2;
const DEVICES = 2;

/** Nothing is given up before this, ms: only a room that stands still reaches it. */
const PATIENCE_MS = 300_000;

export interface Scene {
  readonly rooms: readonly RoomNotes[];
  /** What went wrong beside the notes. */
  readonly faults: readonly string[];
  /** Messages acknowledged before the kill. */
  readonly before: number;
  /** Messages on their way when it was killed. */
  readonly cutOff: number;
}

/** Leaves the room running. */
export async function crashRoom(make: Make, run: number, seed: string): Promise<Scene> {
  const random = new Random(`${seed}/${run}/chat`);
  await make.prepare(run);
  const rooms = Array.from({ length: ROOMS }, (_, room) => ({ name: `room ${room}`, acked: [] as string[], writers: [] as Writer[] }));
  for (const [room, { acked, writers }] of rooms.entries())
    for (let person = 0; person < PERSONS; person++)
      for (let device = 0; device < DEVICES; device++) {
        const name = `run${run}-r${room}p${person}d${device}`;
        const own = new Random(`${seed}/${run}/${name}`);
        writers.push(new Writer(name, own, acked, (ear) => make.line(room, person, device, ear)));
      }
  const writers = rooms.flatMap((room) => room.writers);
  const acked = (): number => rooms.reduce((sum, room) => sum + room.acked.length, 0);

  // Everybody is there from the first word on, so that nobody misses what was said before they came.
  await Promise.all(writers.map((writer) => writer.come()));
  let killed = false;
  const writing = writers.map((writer) => writer.write(() => !killed));
  const enough = random.int(60, 400);
  await until(() => acked() >= enough);
  await pause(random.int(0, 120));
  const before = acked();
  const killing = make.kill();
  killed = true;
  const cutOff = writers.reduce((sum, writer) => sum + writer.openCount, 0);
  await killing;
  for (const writer of writers) writer.cut();
  await Promise.all(writing);

  await make.restart();
  // Some never come back; of every room two do at least.
  const back = rooms.flatMap((room) => room.writers.filter((_, n) => n < 2 || random.chance(0.75)));
  let givenUp = false;
  const end = pause(PATIENCE_MS).then(() => {
    givenUp = true;
  });
  const finished = Promise.all(
    back.map(async (writer) => {
      await pause(random.int(0, 400));
      await writer.finish(random.int(2, 5), () => !givenUp);
    }),
  ).then(() => Promise.all(rooms.map((room) => room.writers[0]?.mark(() => !givenUp))));
  await Promise.race([finished, end]);
  // What was acknowledged last is on its way to the others.
  await until(() => back.every((writer) => writer.hasAll()), make.keeps ? PATIENCE_MS : 1_500);
  const faults = writers.flatMap((writer) => writer.faults);
  for (const writer of back) if (!writer.settled) faults.push(`${writer.notes.device}: something was never acknowledged`);
  for (const writer of writers) writer.close();
  const fresh = await Promise.all(rooms.map((_, room) => make.fresh(room)));
  return {
    rooms: rooms.map(({ name, acked: list, writers: own }, n) => ({
      room: `run ${run}, ${name}`,
      acked: list,
      devices: own.map(({ notes }) => notes),
      fresh: fresh[n] ?? [],
    })),
    faults,
    before,
    cutOff,
  };
}

/** Until it holds, or there was time enough. */
async function until(holds: () => boolean, limitMs = PATIENCE_MS): Promise<void> {
  for (const end = performance.now() + limitMs; !holds() && performance.now() < end; ) await pause(20);
}
