/** Reports of conversations and messages, past the front door, with a real room. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, bindings, contextNow, type Device, idIn, settle, signIn, signInAs } from '../../../tests/access/town.ts';
import { newId } from '../../platform/ids.ts';
import { chatRoom } from '../../platform/stubs.ts';
import type { ModerationCase } from '../../protocol/http/cases.ts';
import type { ChatId, MessageId } from '../../protocol/ids.ts';
import { enrol } from '../companions/service.ts';

beforeAll(settle);

async function pair(): Promise<{ a: Device; g: Device; id: ChatId }> {
  const a = await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
  const g = await signInAs(`${crypto.randomUUID()}@demo.test`, 'companion');
  await enrol(contextNow(), { userId: g.userId, media: ['audio'], tier: 'standard', approved: true });
  return { a, g, id: idIn(await ask({ method: 'POST', path: '/chats', by: a, body: { peerId: g.userId } }), 'chat') };
}
async function send(by: Device, id: ChatId, text: string): Promise<MessageId> {
  const clientId = crypto.randomUUID();
  const body = { clientId, kind: 'text', body: { text } };
  return idIn(await ask({ method: 'POST', path: `/chats/${id}/messages`, by, body, headers: { 'Idempotency-Key': clientId } }), 'message');
}
const report = (by: Device, id: ChatId, body: object) => ask({ method: 'POST', path: `/chats/${id}/reports`, by, body });
async function casesIn(id: ChatId): Promise<ModerationCase[]> {
  const { json } = await ask({ method: 'GET', path: '/admin/cases?source=report&limit=100', by: await signIn('sam') });
  return ((json?.items ?? []) as ModerationCase[]).filter(({ chatId }) => chatId === id);
}

describe('a report', () => {
  it('of a message is a case with what was written, also after it was deleted', async () => {
    const { a, g, id } = await pair();
    const messageId = await send(g, id, 'Send me a gift card');
    const made = await report(a, id, { reason: 'asked_for_money', messageId, text: 'He asks every day' });
    expect(made).toMatchObject({ status: 201, json: { report: { reason: 'asked_for_money' } } });
    await chatRoom(bindings, id).remove({ messageId, now: Date.now() });
    expect(await casesIn(id)).toMatchObject([
      {
        ...{
          id: idIn(made, 'report'),
          source: 'report',
          subject: messageId,
          reason: 'asked_for_money',
          text: 'He asks every day',
          state: 'open',
        },
        ...{ raisedBy: { id: a.userId }, about: { id: g.userId } },
        evidence: { messageId, sender: g.userId, kind: 'text', text: 'Send me a gift card', mediaId: null },
      },
    ]);
  });

  it('is one case for each who reports and what they report, however often and at once', async () => {
    const { a, g, id } = await pair();
    const messageId = await send(g, id, 'hm');
    const both = await Promise.all([1, 2].map(() => report(a, id, { reason: 'spam', messageId })));
    const again = await report(a, id, { reason: 'nudity', messageId });
    expect(new Set([...both, again].map((answer) => idIn(answer, 'report'))).size).toBe(1);
    const told = bindings.DB.prepare("SELECT count(*) AS n FROM event WHERE subject = ? AND type = 'chat.reported'");
    expect(await told.bind(messageId).first()).toEqual({ n: 1 });
    await report(a, id, { reason: 'harassment' });
    await report(g, id, { reason: 'harassment' });
    expect((await casesIn(id)).map(({ subject, raisedBy, reason }) => [subject, raisedBy?.id, reason]).toSorted()).toEqual(
      [
        [messageId, a.userId, 'spam'],
        [id, a.userId, 'harassment'],
        [id, g.userId, 'harassment'],
      ].toSorted(),
    );
  });

  it('is of what the other wrote, in a conversation of one’s own', async () => {
    const [{ a, g, id }, other] = [await pair(), await pair()];
    const [own, theirs] = [await send(a, id, 'mine'), await send(other.a, other.id, 'theirs')];
    expect((await report(a, id, { reason: 'spam', messageId: own })).json).toMatchObject({ code: 'validation_failed' });
    for (const messageId of [theirs, newId('msg')]) expect((await report(a, id, { reason: 'spam', messageId })).status).toBe(404);
    expect((await report(g, other.id, { reason: 'spam' })).status).toBe(404);
    expect((await report(g, id, { reason: 'dislike' })).status).toBe(400);
  });

  it('leaves no words in the event log, nor in what is logged', async () => {
    const said: string[] = [];
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, level).mockImplementation((...words) => void said.push(words.join(' ')));
    const { a, g, id } = await pair();
    const messageId = await send(g, id, 'a secret of ours');
    await report(a, id, { reason: 'other', messageId, text: 'what I say of it' });
    vi.restoreAllMocks();
    const { results } = await bindings.DB.prepare(
      'SELECT payload FROM event UNION ALL SELECT before FROM audit_entry UNION ALL SELECT after FROM audit_entry',
    ).all();
    const everything = JSON.stringify([results, said]);
    expect(everything).toContain(id);
    for (const words of ['a secret of ours', 'what I say of it']) expect(everything).not.toContain(words);
  });
});

describe('the list of cases', () => {
  it('is the newest first, page by page, by state', async () => {
    const { a, id } = await pair();
    await report(a, id, { reason: 'other' });
    const sam = await signIn('sam');
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { json } = await ask({ method: 'GET', path: `/admin/cases?limit=2&state=open${cursor && `&cursor=${cursor}`}`, by: sam });
      const page = json as { items: { id: string }[]; nextCursor: string | null };
      seen.push(...page.items.map((one) => one.id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([...new Set(seen)].toSorted().toReversed());
    expect(seen.length).toBeGreaterThan(2);
    expect((await ask({ method: 'GET', path: '/admin/cases?state=closed', by: sam })).json?.items).toEqual([]);
  });
});
