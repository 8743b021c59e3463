/** What somebody raises: one case for a person and a thing, however often and from however many devices it is said. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { newId } from '../../platform/ids.ts';
import type { UserId } from '../../protocol/ids.ts';
import { eventStatement, type Happening } from '../event_log/service.ts';
import { type CaseRow, caseRow, insertNewCase } from './store.ts';

export interface Raised
  extends Pick<CaseRow, 'source' | 'subject' | 'reason' | 'text'>,
    Partial<Pick<CaseRow, 'about' | 'chatId' | 'evidence'>> {
  readonly raisedBy: UserId;
}

/**
 * Opens the case, with the event that tells of it and what else belongs to it, or finds the one that was opened first: which of
 * two at once that is the database decides, and the other one writes nothing at all.
 */
export async function raise(
  ctx: Context,
  raised: Raised,
  event: Pick<Happening, 'type' | 'payload'>,
  beside: readonly D1PreparedStatement[] = [],
): Promise<CaseRow> {
  const { source, subject, raisedBy } = raised;
  const row: CaseRow = { about: null, chatId: null, evidence: null, ...raised, id: newId('case'), state: 'open', createdAt: ctx.now };
  try {
    await ctx.env.DB.batch([insertNewCase(ctx.env.DB, row), eventStatement(ctx, { ...event, subject, actor: raisedBy }), ...beside]);
    return row;
  } catch (thrown) {
    if (!refusedWith(thrown, 'UNIQUE')) throw thrown;
  }
  const first = await caseRow(ctx.env.DB, { source, subject, raisedBy });
  if (!first) throw new Error('a case that was refused as the second is not there');
  return first;
}
