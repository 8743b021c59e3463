/** Asks the stand-ins in process; for their tests. */
import type { Answer } from './answer.ts';
import type { Outside } from './outside.ts';

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is text or bytes. */
  readonly body?: unknown;
  readonly at?: number;
}

export async function askOutside(
  world: Outside,
  path: string,
  { method = 'POST', headers = {}, body, at = Date.now() }: Question = {},
): Promise<Answer> {
  const bytes =
    body instanceof Uint8Array
      ? body
      : new TextEncoder().encode(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const answer = await world.answer({ method, path, headers: lower, body: new TextDecoder().decode(bytes), bytes, at });
  if (answer === 'silence') throw new Error('no answer');
  return answer;
}
