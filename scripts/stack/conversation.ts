/**
 * A little conversation for who starts the demo for the first time. It lies in an object, which only the running Worker
 * has: so it is written over HTTP, by the two people themselves. Their messages have names of their own: written again, they
 * are the same.
 */

import { type DemoLetter, demoConversation } from '../../db/seed/conversation.ts';
import { Failure } from './failure.ts';

type Answer = Record<string, unknown>;
type Name = DemoLetter['by'];

/** @param api the Worker's origin */
export async function writeConversation(api: string): Promise<void> {
  const post = (path: string, body: object, headers: Record<string, string>): Promise<Response> =>
    fetch(`${api}/api/v1${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
  const ask = async (path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> => {
    const answer = await post(path, body, headers);
    if (!answer.ok) throw new Failure('The demo conversation could not be written.', `${path}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  const signIn = async (name: Name): Promise<{ id: string; headers: Record<string, string> }> => {
    const { challengeId, devCode } = await ask('/auth/otp/start', { email: `${name}@demo.test` });
    const { accessToken, user } = await ask('/auth/otp/verify', { challengeId, code: devCode });
    return { id: (user as { id: string }).id, headers: { Authorization: `Bearer ${accessToken}` } };
  };

  const people = { ada: await signIn('ada'), grace: await signIn('grace') };
  const { chat } = await ask('/chats', { peerId: people.grace.id }, people.ada.headers);
  for (const [n, { by, text }] of demoConversation.entries()) {
    const clientId = `demo-letter-${n}`;
    const headers = { ...people[by].headers, 'Idempotency-Key': clientId };
    const sent = await post(`/chats/${(chat as { id: string }).id}/messages`, { clientId, kind: 'text', body: { text } }, headers);
    // Somebody has blocked the other here, or had other letters: the demo is theirs by now.
    if (!sent.ok) break;
  }
  for (const { headers } of Object.values(people)) await post('/auth/logout', {}, headers);
}
