import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { campaignNames, campaignOf, clickIdNames, MOST_CLICK_ID, MOST_UTM, utmNames, withoutCampaign } from './campaign.ts';
import { formatLink, LINK_BASE, type LinkTarget, linkPlaces, linkTarget, parseLink, settingsParts } from './links.ts';

const digits = [...'0123456789abcdefghjkmnpqrstvwxyz'];
const idWith = (prefix: string) =>
  fc
    .tuple(fc.constantFrom(...'01234567'), fc.array(fc.constantFrom(...digits), { minLength: 25, maxLength: 25 }))
    .map(([first, rest]) => `${prefix}_${first}${rest.join('')}`);
const withId = (kind: string, prefix: string) => idWith(prefix).map((id) => ({ kind, id }) as LinkTarget);

const target: fc.Arbitrary<LinkTarget> = fc.oneof(
  withId('call', 'call'),
  withId('call-back', 'usr'),
  withId('chat', 'chat'),
  withId('profile', 'usr'),
  fc.stringMatching(/^[a-z0-9](-?[a-z0-9]){0,39}$/).map((offer) => ({ kind: 'paywall' as const, offer })),
  fc.constantFrom(...settingsParts).map((part) => ({ kind: 'settings' as const, part })),
  fc.constantFrom(...linkPlaces).map((kind) => ({ kind })),
);

const chat = `chat_0${'1'.repeat(25)}`;

describe('the grammar of links', () => {
  it('reads what it writes, and writes one way only', () => {
    fc.assert(
      fc.property(target, (made) => {
        const link = formatLink(made);
        expect(parseLink(link)).toEqual({ target: made, campaign: {} });
        expect(link.startsWith(LINK_BASE)).toBe(true);
      }),
    );
  });

  it('has an answer for every string, and what it finds is a link of its own', () => {
    const pieces = fc.constantFrom(
      '/',
      'go',
      '/go/',
      'chat',
      chat,
      '?',
      '&',
      '#',
      '..',
      '\\',
      '%2f',
      'utm_source=x',
      '//evil.test',
      '\n',
      '@',
      ':',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((all) => all.join('')),
      fc.webUrl(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { target: found } = parseLink(text);
        if (found === null) return;
        expect(z.safeParse(linkTarget, found).success).toBe(true);
        // Where it leads is made of the grammar's own words, never of the text.
        expect(formatLink(found)).toMatch(/^\/go\/[a-z-]+(\/[A-Za-z0-9_-]+)?$/);
        expect(new URL(formatLink(found), 'https://home.test').origin).toBe('https://home.test');
      }),
      { numRuns: 2_000 },
    );
  });

  it('bears a slash at the end, a query and a fragment', () => {
    for (const text of [`/go/chat/${chat}/`, `/go/chat/${chat}?utm_source=mail&x=1`, `/go/chat/${chat}/?a=/go/wallet#part`])
      expect(parseLink(text).target).toEqual({ kind: 'chat', id: chat });
  });

  it.each([
    '',
    '/',
    '/go',
    '/go/',
    '/go//',
    '/go/nothing',
    '/go/toString',
    '/go/__proto__',
    '/go/chat',
    '/go/chat/',
    '/go/chat/1',
    `/go/call/${chat}`,
    `/go/chat/${chat}/more`,
    `/go/Chat/${chat}`,
    `go/chat/${chat}`,
    ` /go/chat/${chat}`,
    `//go/chat/${chat}`,
    `/\\go/chat/${chat}`,
    `/go/chat/${chat}%0d%0aSet-Cookie:x`,
    `https://evil.test/go/chat/${chat}`,
    `//evil.test/go/chat/${chat}`,
    `/go/../chats/${chat}`,
    `javascript:/go/chat/${chat}`,
    '/go/wallet/more',
    '/go/settings',
    '/go/settings/root',
    '/go/paywall/',
    '/go/paywall/UPPER',
    `/go/paywall/${'a'.repeat(41)}`,
    '/go/wallet?next=https://evil.test'.padEnd(2_100, 'x'),
  ])('finds no target in %j', (text) => {
    expect(parseLink(text).target).toBeNull();
  });
});

describe('campaign parameters', () => {
  it('are told apart from where a link leads and from the rest of an address', () => {
    expect(parseLink(`/go/chat/${chat}?utm_source=mail&utm_campaign=spring&fbclid=abc-1&at=3`)).toEqual({
      target: { kind: 'chat', id: chat },
      campaign: { utm_source: 'mail', utm_campaign: 'spring', fbclid: 'abc-1' },
    });
    expect(withoutCampaign('?at=3&utm_source=mail&q=a%20b&SCCID=s1')).toEqual({
      campaign: { utm_source: 'mail', ScCid: 's1' },
      rest: 'at=3&q=a+b',
    });
    expect(parseLink('/go/nothing?gclid=g1').campaign).toEqual({ gclid: 'g1' });
  });

  it('count once each, under one spelling', () => {
    expect(
      campaignOf([
        ['UTM_Source', 'a'],
        ['utm_source', 'b'],
        ['sccid', 'x'],
      ]),
    ).toEqual({ utm_source: 'a', ScCid: 'x' });
  });

  it('leave out what names a person', () => {
    for (const value of ['ada@demo.test', 'ada%40demo.test', '+49 170 1234567', '0170/1234567'])
      expect(
        campaignOf([
          ['utm_content', value],
          ['gclid', value],
        ]),
      ).toEqual({});
    expect(campaignOf([['utm_content', '120210012345678']])).toEqual({ utm_content: '120210012345678' });
  });

  it('are bounded and plain, whatever comes', () => {
    const names = fc.oneof(fc.constantFrom(...campaignNames), fc.string());
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.string({ unit: 'binary', maxLength: 700 }))), (pairs) => {
        const found = campaignOf(pairs);
        for (const name of utmNames) {
          expect([...(found[name] ?? '')].length).toBeLessThanOrEqual(MOST_UTM);
          expect(found[name] ?? 'x').toMatch(/^\S(.*\S)?$/u);
          expect(found[name] ?? '').not.toMatch(/[\p{C}@]/u);
        }
        for (const name of clickIdNames) expect((found[name] ?? '').length).toBeLessThanOrEqual(MOST_CLICK_ID);
        expect(Object.keys(found).every((name) => campaignNames.some((known) => known === name))).toBe(true);
        // Cleaning what is clean changes nothing.
        expect(campaignOf(Object.entries(found))).toEqual(found);
      }),
    );
  });

  it('keep a click id whole or not at all', () => {
    expect(campaignOf([['gclid', 'x'.repeat(MOST_CLICK_ID + 1)]])).toEqual({});
    expect(campaignOf([['gclid', '<script>']])).toEqual({});
    expect(campaignOf([['utm_term', 'x'.repeat(MOST_UTM + 1)]]).utm_term).toHaveLength(MOST_UTM);
  });
});
