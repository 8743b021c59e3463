/**
 * The version of the wire. Any change of a schema moves its hash, and `version.test.ts` then asks for a new entry in
 * `history.ts`: a wire change can't happen by accident. Clients below `MINIMUM_VERSION` are told `upgrade_required`.
 */
import { history } from './history.ts';

export const PROTOCOL_VERSION = history.at(-1)?.version ?? 0;
export const MINIMUM_VERSION = 1;
