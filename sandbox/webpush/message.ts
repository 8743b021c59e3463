/** What a message of Web Push must be (RFC 8030, RFC 8188), and what a browser would show of it. */
import type { Push } from '../outbox.ts';

/** The most that every push service takes. */
export const MAX_BYTES = 4096;
/** Salt, record size, length of the key id. */
const HEADER_BYTES = 21;
const KEY_BYTES = 65;
/** A record holds at least its delimiter and its tag. */
const LEAST_RECORD = 18;

const URGENCIES = ['very-low', 'low', 'normal', 'high'];

export interface Wrong {
  readonly status: number;
  /** As the push service of Firefox numbers its errors. */
  readonly errno: number;
  readonly message: string;
}

/** What is wrong with the headers and the frame of a message; null: nothing. */
export function wrongWith(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array): Wrong | null {
  const { ttl, topic, urgency } = headers;
  if (ttl === undefined || !/^\d+$/.test(ttl)) return { status: 400, errno: 112, message: 'Missing or invalid TTL header' };
  if (topic !== undefined && !/^[A-Za-z0-9_-]{1,32}$/.test(topic)) return { status: 400, errno: 113, message: 'Invalid Topic header' };
  if (urgency !== undefined && !URGENCIES.includes(urgency)) return { status: 400, errno: 110, message: 'Invalid Urgency header' };
  if (body.length > MAX_BYTES) return { status: 413, errno: 104, message: `Data payload must be smaller than ${MAX_BYTES}` };
  if (body.length === 0) return null;
  if (headers['content-encoding'] !== 'aes128gcm') return { status: 400, errno: 110, message: 'Unknown Content-Encoding' };
  const recordSize = body.length < HEADER_BYTES ? 0 : new DataView(body.buffer, body.byteOffset).getUint32(16);
  if (recordSize < LEAST_RECORD || body[20] !== KEY_BYTES || body[HEADER_BYTES] !== 4)
    return { status: 400, errno: 110, message: 'The header of aes128gcm is not as it should be' };
  return body.length < HEADER_BYTES + KEY_BYTES + LEAST_RECORD - 1 ? { status: 400, errno: 110, message: 'No record in it' } : null;
}

/**
 * What is seen of it.
 * @param text as it was decrypted; null: nobody here can
 */
export function seenOf(text: string | null): { id: string | null; title: string; body: string } & Pick<Push, 'shows' | 'tag' | 'data'> {
  const data = text === null ? {} : readObject(text);
  const of = (name: string): string | null => (typeof data[name] === 'string' ? data[name] : null);
  const [title, body] = [of('title'), of('body')];
  const shows = title !== null || text === null ? 'card' : data.kind === 'call.incoming' ? 'ring' : 'nothing';
  return {
    id: of('id'),
    title: title ?? '',
    body: body ?? (text === null || title !== null || shows === 'ring' ? '' : text),
    shows,
    tag: of('tag'),
    data,
  };
}

function readObject(text: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
