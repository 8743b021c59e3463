/** Faults planted into what a run left behind: each must be seen by the checks that have just found nothing. */
import { type Findings, type Told, violationsOf } from './checks.ts';

/** Which planted faults nobody saw. */
export function unseen(findings: Findings): { count: number; missed: string[] } {
  const announcement = findings.announcements[0];
  const person = findings.people.find(({ shows }) => !shows);
  const item = person?.inbox.find((one) => one.announcement === announcement);
  if (!person || !item) return { count: 1, missed: ['nobody of the last run was told enough to plant a fault'] };
  const mine = ({ token, notification }: { token: string; notification: string }): boolean =>
    token === person.token && notification === item.id;
  const changed = (change: Partial<Told>): Partial<Findings> => ({
    people: findings.people.map((one) => (one === person ? { ...one, ...change } : one)),
  });
  const sends = (change: (send: Findings['sends'][number]) => Findings['sends']): Partial<Findings> => ({
    sends: findings.sends.flatMap((send) => (send.notification === item.id && send.rung === 'push' ? change(send) : [send])),
  });
  const climbs = (change: object): Partial<Findings> => ({
    climbs: findings.climbs.map((climb) => (climb.id === item.id ? { ...climb, ...change } : climb)),
  });
  const faults: Readonly<Record<string, Partial<Findings>>> = {
    'a notification that is in no inbox': changed({ inbox: person.inbox.filter((one) => one !== item) }),
    'a notification twice in the inbox': changed({ inbox: [...person.inbox, item] }),
    'somebody told twice, under two ids': changed({ inbox: [...person.inbox, { ...item, id: `${item.id}x`, seq: item.seq + 1_000_000 }] }),
    'a push that never came': { arrivals: findings.arrivals.filter((arrival) => !mine(arrival)) },
    'a push that came more often than it was tried': {
      arrivals: findings.arrivals.map((arrival) => (mine(arrival) ? { ...arrival, times: arrival.times + 9 } : arrival)),
    },
    'a push under another id': { arrivals: [...findings.arrivals, { token: person.token, notification: 'ntf_other', times: 1 }] },
    'a push without a row': sends(() => []),
    'two rows on one rung': sends((send) => [send, { ...send, device: `${send.device}x` }]),
    'a row that was never marked': sends((send) => [{ ...send, sent: false }]),
    'a climb that hangs on the queue': climbs({ state: 'ordered' }),
    'a climb that hangs at a provider': climbs({ state: 'sending' }),
    'a climb that never began': climbs({ state: 'waiting', steps: 0 }),
    'an announcement that is not finished': { unfinished: 1 },
    'a rung that nobody puts back': { waiting: 1 },
  };
  const missed = Object.entries(faults).flatMap(([name, fault]) => (violationsOf({ ...findings, ...fault }).length === 0 ? [name] : []));
  return { count: Object.keys(faults).length, missed };
}
