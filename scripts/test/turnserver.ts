/** The relay of the journeys: coturn. */
import { ensure, find, type Program } from './programs.ts';

const turnserver: Program = { name: 'coturn', package: 'coturn', commands: ['turnserver'], variable: 'TURNSERVER' };

/** Its path, or undefined where there is none. */
export const findTurnserver = (): string | undefined => find(turnserver);

/** @throws Error saying what to install */
export const ensureTurnserver = (): string => ensure(turnserver);
