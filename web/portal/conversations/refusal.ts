/** Why a note could not be kept, where the server names the field and one of the reasons that the contract lists. */
import { type NoteRefusal, noteRefusals } from '../../../worker/protocol/http/notes.ts';
import { ApiProblem } from '../../client/problem.ts';

/** Null where it was something else. */
export function refusalIn(error: unknown): NoteRefusal | null {
  if (!(error instanceof ApiProblem) || error.code !== 'validation_failed') return null;
  const said = error.fields?.map(({ message }) => message) ?? [];
  const found = Object.entries(noteRefusals).find(([, sentence]) => said.includes(sentence));
  return (found?.[0] as NoteRefusal | undefined) ?? null;
}
