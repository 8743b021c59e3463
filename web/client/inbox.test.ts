import { describe, expect, it } from 'vitest';
import type { InboxItem } from '../../worker/protocol/http/notifications.ts';
import type { InboxStanding } from '../../worker/protocol/hub/inbox.ts';
import { type Asked, FakeServer, problemOf } from './fake-server.ts';
import { Inbox } from './inbox.ts';
import { daysOf } from './inbox-days.ts';
import { Store } from './store.ts';

const NOW = Date.parse('2026-11-26T12:00:00.000Z');
const idOf = (seq: number) => `ntf_0${String(seq).padStart(25, '0')}` as InboxItem['id'];
const item = (seq: number, more: Partial<InboxItem> = {}): InboxItem => ({
  id: idOf(seq),
  seq,
  at: new Date(NOW - (1_000 - seq) * 60_000).toISOString(),
  kind: 'call.missed',
  group: 'calls',
  words: { title: 'Missed call', body: `number ${seq}` },
  body: {},
  link: '/go/missed',
  actions: [],
  readAt: null,
  ...more,
});

/** A server that keeps items and pages them, and says what it took. */
function house(count: number) {
  let items = Array.from({ length: count }, (_, n) => item(count - n));
  const standing = new Store<InboxStanding | null>(null);
  const told = new Store<string | null>(null);
  const unread = () => items.filter(({ readAt }) => readAt === null).length;
  const say = () => standing.set({ unread: unread(), newest: items[0]?.seq ?? 0 });
  const answer = ({ method, path, body }: Asked) => {
    const url = new URL(path, 'https://x.test');
    if (method === 'GET') {
      const [before, limit] = [Number(url.searchParams.get('cursor') ?? Infinity), Number(url.searchParams.get('limit'))];
      const rest = items.filter(({ seq }) => seq < before);
      const page = rest.slice(0, limit);
      return { body: { items: page, nextCursor: rest.length > limit ? String(page.at(-1)?.seq) : null, unread: unread() } };
    }
    const asked = body as { ids?: string[]; upTo?: number };
    const readAt = new Date(NOW).toISOString();
    items = items.map((each) => (asked.ids?.includes(each.id) || each.seq <= (asked.upTo ?? 0) ? { ...each, readAt } : each));
    say();
    return { body: { unread: unread() } };
  };
  const server = new FakeServer(answer);
  const inbox = new Inbox({ api: server.api, clock: { now: () => NOW }, standing, told });
  return {
    server,
    inbox,
    standing,
    told,
    say,
    answer,
    add: (more: Partial<InboxItem> = {}) => {
      const made = item((items[0]?.seq ?? 0) + 1, more);
      items = [made, ...items];
      return made;
    },
    readElsewhere: (id: string) => {
      items = items.map((each) => (each.id === id ? { ...each, readAt: new Date(NOW).toISOString() } : each));
    },
    asked: (method: string) => server.asked.filter((each) => each.method === method),
  };
}
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  await new Promise((done) => setTimeout(done, 0));
};
const unreadIn = (inbox: Inbox): number[] => inbox.view.get().items.flatMap(({ seq, readAt }) => (readAt === null ? [seq] : []));

describe('the inbox', () => {
  it('is read only while somebody looks, and then follows the hub', async () => {
    const { inbox, say, add, asked, readElsewhere } = house(2);
    say();
    await settled();
    expect([asked('GET').length, inbox.unread.get()]).toEqual([0, 2]);
    const away = inbox.look();
    await settled();
    expect(unreadIn(inbox)).toEqual([2, 1]);
    add();
    say();
    await settled();
    expect(unreadIn(inbox)).toEqual([3, 2, 1]);
    // Read on another device.
    readElsewhere(idOf(2));
    say();
    await settled();
    expect([unreadIn(inbox), inbox.unread.get()]).toEqual([[3, 1], 2]);
    away();
    away();
    const before = asked('GET').length;
    add();
    say();
    await settled();
    expect([asked('GET').length, inbox.unread.get()]).toEqual([before, 3]);
    inbox.look();
    await settled();
    expect(unreadIn(inbox)).toEqual([4, 3, 1]);
  });

  it('loads older ones, and reads all that was loaded anew', async () => {
    const { inbox, say, readElsewhere, asked } = house(150);
    say();
    inbox.look();
    await settled();
    expect([inbox.view.get().items.length, inbox.view.get().more]).toEqual([30, 'some']);
    for (let page = 0; page < 4; page++) await inbox.more();
    expect([inbox.view.get().items.length, inbox.view.get().more]).toEqual([150, 'none']);
    await inbox.more();
    readElsewhere(idOf(3));
    const before = asked('GET').length;
    say();
    await settled();
    expect(unreadIn(inbox)).not.toContain(3);
    expect([inbox.view.get().items.length, asked('GET').length - before]).toEqual([150, 2]);
    expect(new Set(inbox.view.get().items.map(({ id }) => id)).size).toBe(150);
  });

  it('marks as read at once, and gives it back where the server does not take it', async () => {
    const { inbox, say, server, answer } = house(3);
    say();
    inbox.look();
    await settled();
    const marking = inbox.read([idOf(3), idOf(1)]);
    expect([unreadIn(inbox), inbox.unread.get()]).toEqual([[2], 1]);
    await marking;
    await settled();
    expect([unreadIn(inbox), inbox.unread.get()]).toEqual([[2], 1]);
    server.answerWith((asked) => (asked.method === 'POST' ? problemOf(503, 'overloaded') : answer(asked)));
    await inbox.read([idOf(2)]);
    expect([unreadIn(inbox), inbox.unread.get()]).toEqual([[2], 1]);
    expect(inbox.view.get().error).not.toBeNull();
    server.answerWith(answer);
    await inbox.read([idOf(2)]);
    await settled();
    expect([unreadIn(inbox), inbox.unread.get(), inbox.view.get().error]).toEqual([[], 0, null]);
  });

  it('asks once for what is marked twice, and not for what is read', async () => {
    const { inbox, say, asked } = house(2);
    say();
    inbox.look();
    await settled();
    await Promise.all([inbox.read([idOf(2)]), inbox.read([idOf(2)])]);
    await inbox.read([idOf(2)]);
    expect(asked('POST').length).toBe(1);
  });

  it('shows all as read while that can be taken back, but not what comes after', async () => {
    const { inbox, say, add } = house(3);
    say();
    inbox.look();
    await settled();
    const upTo = inbox.newestUnread();
    expect(upTo).toBe(3);
    inbox.pretend(upTo ?? 0);
    expect([unreadIn(inbox), inbox.unread.get(), inbox.newestUnread()]).toEqual([[], 0, null]);
    add();
    say();
    await settled();
    expect([unreadIn(inbox), inbox.unread.get()]).toEqual([[4], 1]);
    inbox.pretend(0);
    expect([unreadIn(inbox), inbox.unread.get()]).toEqual([[4, 3, 2, 1], 4]);
  });

  it('keeps what it has where the network is gone, and heals', async () => {
    const { inbox, say, server, answer, add } = house(1);
    server.answerWith(() => problemOf(503, 'overloaded'));
    inbox.look();
    await settled();
    expect(inbox.view.get().status).toBe('failed');
    server.answerWith(answer);
    say();
    await settled();
    expect([inbox.view.get().status, unreadIn(inbox)]).toEqual(['ready', [1]]);
    server.answerWith(() => problemOf(503, 'overloaded'));
    add();
    say();
    await settled();
    expect([inbox.view.get().status, unreadIn(inbox), inbox.view.get().error === null]).toEqual(['ready', [1], false]);
  });
});

describe('a card', () => {
  it('shows what has just come, until it is read, here or elsewhere', async () => {
    const { inbox, say, add, told, readElsewhere } = house(0);
    const first = add();
    say();
    told.set(first.id);
    await settled();
    expect(inbox.card.get()?.id).toBe(first.id);
    readElsewhere(first.id);
    say();
    await settled();
    expect(inbox.card.get()).toBeNull();
    const second = add();
    say();
    told.set(second.id);
    await settled();
    void inbox.read([second.id]);
    expect(inbox.card.get()).toBeNull();
  });

  it('is none for what stands in no inbox, or was read before it could be shown', async () => {
    const { inbox, say, add, told, readElsewhere } = house(0);
    told.set(idOf(77));
    await settled();
    expect(inbox.card.get()).toBeNull();
    const quick = add();
    readElsewhere(quick.id);
    say();
    told.set(quick.id);
    await settled();
    expect(inbox.card.get()).toBeNull();
  });

  it('put away, leaves it unread', async () => {
    const { inbox, say, add, told } = house(0);
    const one = add();
    say();
    told.set(one.id);
    await settled();
    inbox.closeCard();
    expect([inbox.card.get(), inbox.unread.get()]).toEqual([null, 1]);
  });

  it('of missed calls goes once they were seen among the calls', async () => {
    const { inbox, say, add, asked } = house(2);
    add({ kind: 'announcement' });
    say();
    await inbox.readKind('call.missed');
    await settled();
    expect([inbox.unread.get(), asked('POST').length]).toEqual([1, 1]);
    await inbox.readKind('call.missed');
    expect(asked('POST').length).toBe(1);
  });
});

describe('days', () => {
  const at = (text: string, more: Partial<InboxItem> = {}) => item(1, { at: new Date(text).toISOString(), ...more });

  it('are those of the person, newest first, with what belongs together in one place', () => {
    const told = [
      at('2026-11-26T11:00:00Z'),
      at('2026-11-26T10:00:00Z', { kind: 'announcement' }),
      at('2026-11-26T09:00:00Z'),
      at('2026-11-25T23:30:00Z'),
      at('2026-11-25T12:00:00Z', { kind: 'security.sign_in' }),
    ];
    const shape = (zone: string) =>
      daysOf(told, NOW, zone).map(({ date, ago, kinds }) => [date, ago, kinds.map(({ kind, items }) => `${kind} ${items.length}`)]);
    expect(shape('UTC')).toEqual([
      ['2026-11-26', 0, ['call.missed 2', 'announcement 1']],
      ['2026-11-25', 1, ['call.missed 1', 'security.sign_in 1']],
    ]);
    // Half past midnight in Berlin is today.
    expect(shape('Europe/Berlin')).toEqual([
      ['2026-11-26', 0, ['call.missed 3', 'announcement 1']],
      ['2026-11-25', 1, ['security.sign_in 1']],
    ]);
  });

  it('are counted by dates, over summer time too', () => {
    const now = Date.parse('2026-10-26T11:00:00Z');
    const [day] = daysOf([at('2026-10-24T12:00:00Z')], now, 'Europe/Berlin');
    expect([day?.date, day?.ago]).toEqual(['2026-10-24', 2]);
    expect(daysOf([], now)).toEqual([]);
  });
});
