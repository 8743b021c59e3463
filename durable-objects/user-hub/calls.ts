/** What the hub knows of calls it only hears about: the latest word wins, even when words overtake one another. */
import type { Call, CallState } from '../../worker/protocol/call/call.ts';

const rank: Record<CallState, number> = { placing: 0, ringing: 1, connecting: 2, active: 3, reconnecting: 3, ended: 4 };
const rankOf = (call: Pick<Call, 'state' | 'settled'>): number => rank[call.state] + (call.settled ? 1 : 0);

/** True unless `known` is already further than `heard`: a call never goes back. */
export const isNews = (known: Pick<Call, 'state' | 'settled'> | null, heard: Pick<Call, 'state' | 'settled'>): boolean =>
  known === null || rankOf(heard) >= rankOf(known);

/** True while a call could still be answered. */
export const rings = (call: Pick<Call, 'state'>): boolean => call.state === 'placing' || call.state === 'ringing';
