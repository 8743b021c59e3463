import { describe, expect, it } from 'vitest';
import { asmGroupsOf, isKept, meaningOf } from './mail-event-rules.ts';
import { type MailGroup, mailPasses, type Suppression } from './words/mail-groups.ts';

const event = (more: object) => ({ event: 'x', sg_event_id: 'e', timestamp: 1, email: 'a@b.test', ...more });
const meaning = (more: object) => meaningOf(event(more), (id) => (id === 101 ? 'news' : undefined));
const held = (cause: string) => ({ cause, group: null, lifted: false });

describe('what SendGrid says', () => {
  it.each([
    [{ event: 'bounce', type: 'bounce' }, held('bounce')],
    [{ event: 'bounce' }, held('bounce')],
    [{ event: 'bounce', type: 'blocked' }, 'nothing'],
    [{ event: 'dropped', reason: 'Bounced Address' }, held('bounce')],
    [{ event: 'dropped', reason: 'Invalid' }, held('bounce')],
    [{ event: 'dropped', reason: 'Spam Reporting Address' }, held('spam_report')],
    [{ event: 'dropped', reason: 'Unsubscribed Address' }, held('unsubscribe')],
    [{ event: 'dropped', reason: 'Spam Content (if Spam Checker app is enabled)' }, 'nothing'],
    [{ event: 'dropped', reason: 'Recipient List over Package Quota' }, 'nothing'],
    [{ event: 'dropped' }, 'nothing'],
    [{ event: 'spamreport' }, held('spam_report')],
    [{ event: 'unsubscribe' }, held('unsubscribe')],
    [
      { event: 'group_unsubscribe', asm_group_id: 101 },
      { cause: 'group_unsubscribe', group: 'news', lifted: false },
    ],
    [
      { event: 'group_resubscribe', asm_group_id: 101 },
      { cause: 'group_unsubscribe', group: 'news', lifted: true },
    ],
    [{ event: 'group_unsubscribe', asm_group_id: 7 }, 'unknown_group'],
    [{ event: 'group_unsubscribe' }, 'unknown_group'],
    [{ event: 'delivered' }, 'nothing'],
    [{ event: 'deferred', reason: 'Bounced Address' }, 'nothing'],
  ])('%j means %j', (more, means) => {
    expect(meaning(more)).toEqual(means);
  });

  it('is kept of what was sent and of what stops it, never of what somebody read', () => {
    const kept = ['processed', 'delivered', 'bounce', 'dropped', 'spamreport', 'unsubscribe', 'group_unsubscribe', 'group_resubscribe'];
    expect([...kept, 'open', 'click', 'deferred', ''].filter((name) => isKept(event({ event: name })))).toEqual(kept);
  });
});

describe('mail to an address', () => {
  const groups: readonly MailGroup[] = ['sign_in', 'safety', 'work', 'purchases', 'calls', 'messages', 'news'];
  const known = (cause: Suppression['cause'], group: MailGroup | null = null): Suppression => ({ cause, group });
  it.each([
    ['nothing is known of', [], groups],
    ['that does not exist: of no stream', [known('bounce')], []],
    ['whose reader reported spam: only what their account needs', [known('spam_report')], ['sign_in', 'safety', 'work', 'purchases']],
    ['whose reader left all lists: no marketing', [known('unsubscribe')], ['sign_in', 'safety', 'work', 'purchases', 'calls', 'messages']],
    [
      'whose reader stopped one group',
      [known('group_unsubscribe', 'calls')],
      ['sign_in', 'safety', 'work', 'purchases', 'messages', 'news'],
    ],
    ['whose reader stopped what nobody stops', [known('group_unsubscribe', 'sign_in')], groups],
    [
      'with two causes: both count',
      [known('unsubscribe'), known('group_unsubscribe', 'messages')],
      ['sign_in', 'safety', 'work', 'purchases', 'calls'],
    ],
  ])('%s', (_, suppressions, passes) => {
    expect(groups.filter((group) => mailPasses(suppressions, group))).toEqual(passes);
  });
});

it('groups at SendGrid are read off their setting, and nonsense is none', () => {
  expect([...asmGroupsOf('news:101, calls:102')]).toEqual([
    ['news', 101],
    ['calls', 102],
  ]);
  for (const setting of ['', ',', 'news', 'news:', ':1', 'news:x', 'News:1', 'news:12345678901']) expect(asmGroupsOf(setting).size).toBe(0);
});
