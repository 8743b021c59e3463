/** What must hold after a run, over what its people, the push service and the databases say. Pure, so that faults can be planted. */
import type { Arrival } from './provider.ts';

/** One attempt for one device on one rung, as stored. */
export interface Send {
  readonly notification: string;
  readonly rung: string;
  readonly device: string;
  readonly attempts: number;
  readonly sent: boolean;
}

/** A climb as its hub stores it. */
export interface StoredClimb {
  readonly id: string;
  readonly state: string;
  readonly steps: number;
  readonly ended: string | null;
}

export interface Told {
  readonly email: string;
  readonly token: string;
  /** Whether the app was on the screen. */
  readonly shows: boolean;
  /** What its app acknowledged. */
  readonly shown: ReadonlySet<string>;
  /** The inbox over HTTP: each notification with its announcement and place. */
  readonly inbox: readonly { readonly id: string; readonly announcement: string; readonly seq: number }[];
}

export interface Findings {
  readonly people: readonly Told[];
  /** Those of this run. */
  readonly announcements: readonly string[];
  readonly arrivals: readonly Arrival[];
  readonly sends: readonly Send[];
  readonly climbs: readonly StoredClimb[];
  /** Announcements that say that they are not told to the end. */
  readonly unfinished: number;
  /** Rungs that still wait, although it is no night. */
  readonly waiting: number;
}

/** One line for everything that is not as it should be. */
export function violationsOf({ people, announcements, arrivals, sends, climbs, unfinished, waiting }: Findings): string[] {
  const found: string[] = [];
  const arrived = new Map(arrivals.map((arrival) => [`${arrival.token} ${arrival.notification}`, arrival]));
  const climbOf = new Map(climbs.map((climb) => [climb.id, climb]));
  const pushes = new Map<string, Send[]>();
  for (const send of sends) if (send.rung === 'push') pushes.set(send.notification, [...(pushes.get(send.notification) ?? []), send]);

  for (const { email, token, shows, shown, inbox } of people) {
    for (const announcement of announcements) {
      const items = inbox.filter((item) => item.announcement === announcement);
      if (items.length !== 1) found.push(`${email}: ${announcement} stands ${items.length} times in the inbox`);
      const [item] = items;
      if (!item) continue;
      const arrival = arrived.get(`${token} ${item.id}`);
      const rows = pushes.get(item.id) ?? [];
      if (!arrival && !shown.has(item.id)) found.push(`${email}: nobody told of ${item.id}`);
      if (!arrival && !shows) found.push(`${email}: no push of ${item.id}, and no app on the screen`);
      if (arrival && rows.length === 0) found.push(`${email}: a push of ${item.id} that nobody ordered`);
      if (rows.length > 1) found.push(`${email}: ${item.id} was sent as ${rows.length} on one rung`);
      for (const row of rows) {
        if (row.sent && !arrival) found.push(`${email}: ${item.id} is marked as sent and never arrived`);
        // Only who did not hear our note of the yes asks again, under the same id.
        if (arrival && arrival.times > row.attempts)
          found.push(`${email}: ${item.id} came ${arrival.times} times of ${row.attempts} attempts`);
        if (arrival && !row.sent) found.push(`${email}: ${item.id} arrived and is not marked as sent`);
      }
      const climb = climbOf.get(item.id);
      if (!climb) found.push(`${email}: the hub does not know ${item.id}`);
      else if (climb.state === 'ordered' || climb.state === 'sending' || (climb.state === 'waiting' && climb.steps === 0))
        found.push(`${email}: ${item.id} hangs, ${climb.state}`);
    }
    const seqs = inbox.map(({ seq }) => seq);
    if (new Set(seqs).size !== seqs.length) found.push(`${email}: two notifications have one place`);
  }
  const known = new Set(people.flatMap(({ inbox, token }) => inbox.map(({ id }) => `${token} ${id}`)));
  for (const { token, notification } of arrivals)
    if (people.some((person) => person.token === token) && !known.has(`${token} ${notification}`))
      found.push(`${token}: was pushed ${notification}, which is in no inbox`);
  if (unfinished > 0) found.push(`${unfinished} announcements are not finished`);
  if (waiting > 0) found.push(`${waiting} rungs still wait`);
  return found;
}
