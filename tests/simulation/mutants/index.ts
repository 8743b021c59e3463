/** Every planted bug. A law that sees one of them no more has gone blind. */
import { bookMutants } from './books.ts';
import { callMutants } from './call.ts';
import { hubMutants } from './hub.ts';
import { meansMutants } from './means.ts';
import { moneyMutants } from './money.ts';
import type { Mutant } from './plant.ts';

export const mutants: readonly Mutant[] = [...callMutants, ...moneyMutants, ...meansMutants, ...bookMutants, ...hubMutants];
