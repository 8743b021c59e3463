/** What is under test: the real rules. A planted bug (`mutants/`) is a copy of this with one of them changed. */
import { begin, decide, nextWake } from '../../durable-objects/call-session/core/decide.ts';
import { standingOf } from '../../durable-objects/call-session/core/resuming.ts';
import { isNews, rings } from '../../durable-objects/user-hub/calls.ts';
import { decideLock, freesLock } from '../../durable-objects/user-hub/lock.ts';
import { planResume } from '../../durable-objects/user-hub/sequence.ts';
import { carriesUntil } from '../../worker/domains/billing/meter.ts';
import { companyAhead } from '../../worker/domains/moments/rules.ts';
import { meansOf } from '../../worker/domains/pricing/having.ts';
import { canStart, paceOf } from '../../worker/domains/pricing/quote.ts';
import { spendingOf, waysOf } from '../../worker/domains/pricing/ways.ts';
import { dayAt, dayStandsUntil, planInForce, termsInForce } from '../../worker/domains/subscriptions/rules.ts';
import { LedgerModel } from './ledger-model.ts';

export const realRules = {
  begin,
  decide,
  nextWake,
  standingOf,
  decideLock,
  freesLock,
  isNews,
  rings,
  planResume,
  canStart,
  carriesUntil,
  paceOf,
  spendingOf,
  waysOf,
  meansOf,
  companyAhead,
  dayAt,
  dayStandsUntil,
  termsInForce,
  planInForce,
  ledger: (shards: number): LedgerModel => new LedgerModel(shards),
};

export type Rules = typeof realRules;
