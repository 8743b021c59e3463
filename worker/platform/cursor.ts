/** Opaque cursors of lists: where a page ended, as text that clients hand back unread. */
import * as z from 'zod/mini';
import { Problem } from './errors.ts';

/** `position` as a cursor; keep it small, cursors have 200 characters at most (`protocol/paging.ts`). */
export function toCursor(position: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(position));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/**
 * The position a cursor names, or null where none was given.
 * @throws Problem `validation_failed` where the cursor is not one of this list
 */
export function fromCursor<S extends z.ZodMiniType>(cursor: string | undefined, position: S): z.infer<S> | null {
  if (cursor === undefined) return null;
  const parsed = z.safeParse(position, decode(cursor));
  if (parsed.success) return parsed.data;
  throw new Problem('validation_failed', 'The cursor is not one that this list gave.', {
    fields: [{ path: 'cursor', message: 'must be the nextCursor of a page before' }],
  });
}

function decode(cursor: string): unknown {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))));
  } catch {
    return undefined;
  }
}
