import { describe, expect, it } from 'vitest';
import { appLanguage } from '../../../protocol/http/comfort.ts';
import { noticeChannel } from '../../../protocol/http/templates.ts';
import { codeFacts } from '../codes.ts';
import { builtIn } from './built-in.ts';
import { cut, isGsm, lengthOf } from './channels.ts';
import { inOneLine } from './fact-words.ts';
import { type FactsOf, kindOf, type NoticeKind, noticeKinds } from './kinds.ts';
import { momentWords } from './moment-words.ts';
import { said } from './phrases.ts';
import { rendered } from './rendering.ts';
import { sampleFacts } from './samples.ts';
import { textErrors } from './template-rules.ts';

const NOW = Date.UTC(2026, 10, 25, 14, 10);
const languages = appLanguage.options;
const reader = (language: 'en' | 'de', timeZone = 'Europe/Berlin') => ({ language, timeZone, now: NOW });
const links = { origin: 'https://app.example', link: '/go/missed', stopUrl: 'https://api.example/stop?a=1&b=2' };

const told = noticeKinds.flatMap((kind) => kindOf(kind).channels.map((channel) => [kind, channel] as const));
const mailOf = <K extends NoticeKind>(kind: K, facts: FactsOf<K>, language: 'en' | 'de' = 'en') =>
  rendered({ kind, channel: 'mail', fields: builtIn(kind, 'mail')[language] ?? {}, facts }, reader(language), links);

describe('what is built in', () => {
  it.each(told)('says %s by %s in every language as it may be published', (kind, channel) => {
    const texts = builtIn(kind, channel);
    expect(Object.keys(texts)).toEqual(languages);
    expect(textErrors(kind, channel, texts)).toEqual([]);
  });

  it.each(told)('leaves no brace and no hole in %s by %s', (kind, channel) => {
    for (const language of languages)
      for (const count of [1, 3]) {
        const facts = sampleFacts(kind, { language, count, now: NOW });
        const words = rendered({ kind, channel, fields: builtIn(kind, channel)[language] ?? {}, facts }, reader(language), links);
        for (const text of Object.values(words)) {
          expect(text).toMatch(/\w/);
          expect(text).not.toMatch(/[{}]{2}|undefined|NaN|\p{Co}/u);
        }
      }
  });

  it('is told on every channel there is', () => {
    expect(new Set(told.map(([, channel]) => channel))).toEqual(new Set(noticeChannel.options));
  });
});

describe('the mail with a code', () => {
  const otp = { code: '012345', expiresAt: NOW + 10 * 60_000 };

  it('shows the code in the subject and in both bodies, with its zeros, and says how long it works', () => {
    const mail = mailOf('otp', codeFacts(otp, NOW));
    for (const part of [mail.subject, mail.text, mail.html]) expect(part).toContain('012 345');
    for (const part of [mail.text, mail.html]) expect(part).toContain('10 minutes');
    expect(mail.html).toMatch(/font-size:36px[^>]*>012 345</);
  });

  it('counts the minutes that are left when it goes out late', () => {
    expect(mailOf('otp', codeFacts(otp, NOW + 8 * 60_000)).text).toContain('2 minutes');
    expect(mailOf('otp', codeFacts(otp, NOW + 9.9 * 60_000)).text).toContain('one minute');
    expect(mailOf('otp', codeFacts(otp, NOW + 9.9 * 60_000), 'de').text).toContain('noch eine Minute');
  });
});

describe('the SMS with a code', () => {
  it.each(languages)('fits into one part in %s', (language) => {
    const facts = codeFacts({ code: '012345', expiresAt: NOW + 10 * 60_000 }, NOW);
    const { text } = rendered(
      { kind: 'otp', channel: 'sms', fields: builtIn('otp', 'sms')[language] ?? {}, facts },
      reader(language),
      links,
    );
    expect(text).toContain('012 345');
    expect(text.length).toBeLessThanOrEqual(160);
    expect(isGsm(text)).toBe(true);
  });
  it('knows what a single part can be written with', () => {
    expect(isGsm('Grüße, 5 £ @ Ñandu?')).toBe(true);
    for (const text of ['it’s', 'a`b', '😀', 'Ünïcødé ç', 'a{b}']) expect(isGsm(text)).toBe(false);
  });
});

describe('a missed call in a mail', () => {
  const facts = {
    calls: [
      { name: 'Grace & <b>Hugo</b>', at: NOW - 3_600_000, link: '/go/call-back/usr_1' },
      { name: 'Iris', at: NOW - 20 * 3_600_000, link: '/go/call-back/usr_2' },
    ],
  };
  it('stands with its name, its moment and the way to call back, in text and escaped in HTML', () => {
    const { subject, text, html } = mailOf('call.missed_digest', facts);
    expect(subject).toBe('You missed 2 calls');
    expect(text).toContain('Grace & <b>Hugo</b>, today at 2:10 PM\nCall Grace & <b>Hugo</b> back: https://app.example/go/call-back/usr_1');
    expect(text).toContain('Iris, yesterday at 7:10 PM');
    expect(html).toContain('<strong>Grace &amp; &lt;b&gt;Hugo&lt;/b&gt;</strong>');
    expect(html).toContain('href="https://app.example/go/call-back/usr_2"');
    expect(html).toContain('href="https://api.example/stop?a=1&amp;b=2"');
    expect(html).not.toMatch(/<img|src=|<script|http:/);
  });
  it('alone is one call', () => {
    expect(mailOf('call.missed_digest', { calls: facts.calls.slice(1) }, 'de').subject).toBe('Sie haben einen Anruf verpasst');
  });
});

describe('facts', () => {
  it('are never read as words: braces, nesting and signs of replacement stay what they are', () => {
    for (const name of ['{{count}}', '$t(notice)', "$& $1 $' $`", '{{{code}}}'])
      expect(said({ one: '{{name}}: {{count}}', other: '{{name}}: {{count}}!' }, { name }, 'en', 2)).toBe(`${name}: 2!`);
  });
  it('come in one line and in their own direction', () => {
    expect(inOneLine(' Ada\r\nSubject: x\u202e\u2066 \u0000 B\u{e000} ')).toBe('Ada Subject: x B');
  });
  it('keep their paragraphs in a mail, and nowhere else', () => {
    const facts = { title: 'News', text: 'One\nline\n\nTwo' };
    expect(mailOf('announcement', facts).html).toContain('<p style="margin:0 0 16px">One line</p>\n<p style="margin:0 0 16px">Two</p>');
    const fields = builtIn('announcement', 'push').en ?? {};
    expect(rendered({ kind: 'announcement', channel: 'push', fields, facts }, reader('en'), links).body).toBe('One line Two');
  });
  it.each([[{ calls: [] }], [{ calls: [{ name: 'A', at: Number.NaN, link: '/go/x' }] }], [{ calls: [{ name: 'A', at: 1 }] }], [{}]])(
    'that are missing are an error and no hole: %j',
    (facts) => {
      expect(() => mailOf('call.missed_digest', facts as never)).toThrow('facts of call.missed_digest: calls is no calls');
    },
  );
  it('that are too long for a lock screen are cut between characters', () => {
    const fields = builtIn('announcement', 'push').de ?? {};
    const facts = { title: '👩‍👩‍👧'.repeat(100), text: 'x'.repeat(500) };
    const { title, body } = rendered({ kind: 'announcement', channel: 'push', fields, facts }, reader('de'), links);
    expect([lengthOf(title), lengthOf(body)]).toEqual([65, 178]);
    expect(title).toBe(`${'👩‍👩‍👧'.repeat(64)}…`);
    expect(cut('fits', 4)).toBe('fits');
  });
});

describe('a moment', () => {
  it.each([
    ['en', 'Europe/Berlin', NOW - 60_000, 'today at 3:09 PM'],
    ['de', 'Europe/Berlin', NOW - 60_000, 'heute um 15:09 Uhr'],
    ['de', 'Europe/Berlin', Date.UTC(2026, 10, 24, 22, 30), 'gestern um 23:30 Uhr'],
    ['en', 'Pacific/Auckland', Date.UTC(2026, 10, 24, 22, 30), 'yesterday at 11:30 AM'],
    ['de', 'Europe/Berlin', Date.UTC(2026, 10, 21, 9, 0), 'am Samstag um 10:00 Uhr'],
    ['de', 'Europe/Berlin', Date.UTC(2026, 10, 18, 9, 0), 'am Mittwoch, 18. November um 10:00 Uhr'],
    ['en', 'America/New_York', Date.UTC(2026, 10, 1, 5, 30), 'on Sunday, November 1 at 1:30 AM'],
    ['en', 'UTC', NOW, 'today at 2:10 PM UTC'],
    ['de', 'UTC', NOW, 'heute um 14:10 Uhr UTC'],
  ] as const)('in %s where it is %s', (language, timeZone, at, words) => {
    expect(momentWords(at, { language, timeZone, now: NOW })).toBe(words);
  });
});
