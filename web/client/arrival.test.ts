import { describe, expect, it } from 'vitest';
import { forgetLink, keepLink, keptLink, noteVisit, type Visit } from './arrival.ts';
import { tellCampaigns } from './campaigns.ts';
import { FakeServer, problemOf } from './fake-server.ts';
import { hasArrived, type Shelf } from './shelf.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const CHAT = `/go/chat/chat_0${'1'.repeat(25)}`;

function shelf(): Shelf {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}
const visit = (path: string, search = '', referrer = ''): Visit => ({ path, search, referrer, origin: 'https://hearthline.test' });
const bodies = ({ asked }: FakeServer) =>
  asked.map(({ body }) => body as { touches: { campaign: object; landing: string | null; referrer: string | null }[] });

describe('a link', () => {
  it('waits for a day and no longer, and is opened once', () => {
    const kept = shelf();
    noteVisit(kept, visit(CHAT), NOW);
    expect([keptLink(kept, NOW), keptLink(kept, NOW + 24 * HOUR - 1)]).toEqual([CHAT, CHAT]);
    expect([keptLink(kept, NOW + 24 * HOUR), hasArrived(kept)]).toEqual([null, false]);
    noteVisit(kept, visit(CHAT), NOW);
    forgetLink(kept);
    expect(keptLink(kept, NOW)).toBeNull();
  });

  it('is the newest one; other pages leave it alone', () => {
    const kept = shelf();
    noteVisit(kept, visit(CHAT), NOW);
    noteVisit(kept, visit('/wallet'), NOW + 1);
    expect(keptLink(kept, NOW + 2)).toBe(CHAT);
    noteVisit(kept, visit('/go/wallet'), NOW + 3);
    expect(keptLink(kept, NOW + 4)).toBe('/go/wallet');
  });

  it('waits too where it leads nowhere: whoever opened it is told so', () => {
    const kept = shelf();
    noteVisit(kept, visit('/go/chat/cut-of'), NOW);
    expect(keptLink(kept, NOW)).toBe('/go/chat/cut-of');
  });

  it.each([
    '',
    '{',
    '7',
    '{"link":7}',
    '{"link":"https://evil.test/","at":1}',
    `{"link":"${CHAT}","at":"x"}`,
    `{"link":"${CHAT}","at":${NOW + HOUR}}`,
  ])('is not taken from a shelf that holds %s', (text) => {
    const kept = shelf();
    kept.setItem('hearthline.link', text);
    expect(keptLink(kept, NOW)).toBeNull();
  });
});

describe('a campaign', () => {
  it('is taken out of the address, and the rest of it stays', () => {
    const kept = shelf();
    expect(noteVisit(kept, visit('/chats/x', '?at=3&utm_source=mail&gclid=g'), NOW)).toBe('at=3');
    expect(noteVisit(kept, visit('/chats/x', '?at=3'), NOW)).toBeNull();
  });

  it('is told once to the server: what came first, and what came last', async () => {
    const [kept, server] = [shelf(), new FakeServer(() => ({ body: { campaign: { first: null, last: null } } }))];
    noteVisit(kept, visit(CHAT, '?utm_source=a', 'https://www.news.test/article?reader=7'), NOW);
    noteVisit(kept, visit('/', '?utm_source=b'), NOW + 1);
    noteVisit(kept, visit('/people/x', '?utm_source=c', 'https://hearthline.test/'), NOW + 2);
    await tellCampaigns(kept, server.api);
    await tellCampaigns(kept, server.api);
    expect(bodies(server)).toEqual([
      {
        touches: [
          { campaign: { utm_source: 'a' }, at: new Date(NOW).toISOString(), landing: 'chat', referrer: 'www.news.test' },
          { campaign: { utm_source: 'c' }, at: new Date(NOW + 2).toISOString(), landing: null, referrer: null },
        ],
      },
    ]);
    expect(keptLink(kept, NOW)).toBe(CHAT);
  });

  it('is kept where the server did not answer, and given up where it never will', async () => {
    const [kept, server] = [shelf(), new FakeServer(() => problemOf(503, 'overloaded'))];
    noteVisit(kept, visit('/', '?utm_source=a'), NOW);
    await tellCampaigns(kept, server.api);
    expect(hasArrived(kept)).toBe(true);
    server.answerWith(() => problemOf(400, 'validation_failed'));
    await tellCampaigns(kept, server.api);
    expect(hasArrived(kept)).toBe(false);
  });

  it('that comes while another is being told is not lost', async () => {
    const kept = shelf();
    const server = new FakeServer(() => {
      noteVisit(kept, visit('/', '?utm_source=late'), NOW + 1);
      return { body: { campaign: { first: null, last: null } } };
    });
    noteVisit(kept, visit('/', '?utm_source=a'), NOW);
    await tellCampaigns(kept, server.api);
    expect(hasArrived(kept)).toBe(true);
  });

  it('of a page whose address is odd is still kept', () => {
    const kept = shelf();
    for (const referrer of ['about:blank', 'android-app://com.mail/', 'x', 'https://ünicode.test/'])
      expect(noteVisit(kept, visit('/', '?utm_source=a', referrer), NOW)).toBe('');
    keepLink(kept, `/go/${'x'.repeat(5_000)}`, NOW);
    expect(keptLink(kept, NOW)?.length).toBe(300);
  });
});
