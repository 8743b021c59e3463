import { describe, expect, it } from 'vitest';
import type { PushPayload } from '../../../worker/protocol/push.ts';
import { noticeFor, type Situation } from './notice.ts';
import { sayIn } from './say.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const callId = 'call_01m7xz2gcdfvm8xwv1ha7afe0s';
const callerId = 'usr_01m7xz2gcdfvm8xwv1ha7afe0s';
const soon = new Date(NOW + 30_000).toISOString();
const gone = new Date(NOW).toISOString();
const ringPush: Omit<PushPayload, 'id'> = {
  kind: 'call.incoming',
  link: `/go/call/${callId}`,
  tag: `call:${callId}`,
  callId,
  expiresAt: soon,
};
const overPush = { ...ringPush, kind: 'call.over' };
const chatPush: Omit<PushPayload, 'id'> = {
  kind: 'chat.message',
  title: 'Ada',
  body: 'Hello',
  link: '/go/chat/c',
  tag: 'chat:c',
  expiresAt: soon,
};

const situation = (more: Partial<Situation> = {}): Situation => ({
  now: NOW,
  ring: { state: 'ringing', name: 'Ada', media: 'audio' },
  shown: false,
  say: sayIn('en', 'en'),
  vibration: true,
  ...more,
});
const told = (push: Omit<PushPayload, 'id'>, more: Partial<Situation> = {}) => noticeFor(push, situation(more));

describe('a ring', () => {
  it('says who calls, stays, makes itself heard, and offers to answer it or not', () => {
    const notice = told(ringPush);
    expect(notice).toMatchObject({ title: 'Ada is calling', passing: false });
    expect(notice?.options).toMatchObject({
      body: 'Voice call. Tap here to answer.',
      tag: `call:${callId}`,
      requireInteraction: true,
      renotify: true,
      silent: false,
      vibrate: expect.arrayContaining([600]),
      data: { link: `/go/call/${callId}`, callId },
    });
    expect(notice?.options.actions.map(({ title }) => title)).toEqual(['Answer', 'Not now']);
  });

  it('speaks the person’s language, and the device’s where they chose none', () => {
    expect(told(ringPush, { say: sayIn('de', 'en-GB') })?.title).toBe('Ada ruft an');
    expect(told(ringPush, { say: sayIn(null, 'de-AT') })?.options.actions[1]?.title).toBe('Jetzt nicht');
    expect(told(ringPush, { say: sayIn('en', 'de-AT') })?.title).toBe('Ada is calling');
  });

  it('is told of although nobody could say who calls', () => {
    const notice = told(ringPush, { ring: { state: 'unknown' } });
    expect(notice).toMatchObject({ title: 'Somebody is calling you', options: { requireInteraction: true } });
  });

  it('does not buzz where the person wants that not', () => {
    expect(told(ringPush, { vibration: false })?.options).not.toHaveProperty('vibrate');
  });

  it('that was given up in the meantime is a missed call, which leads to calling back', () => {
    const notice = told(ringPush, { ring: { state: 'missed', name: 'Ada', callerId } });
    expect(notice).toMatchObject({ title: 'Ada called', options: { requireInteraction: false, actions: [], silent: false } });
    expect(notice?.options.data).toEqual({ link: `/go/call-back/${callerId}`, callId: null });
  });

  it('that comes too late is missed, whatever the server can still say', () => {
    expect(told({ ...ringPush, expiresAt: gone }, { ring: { state: 'unknown' } })?.title).toBe('You missed a call');
  });

  it('that was answered elsewhere before it was seen shows nothing', () => {
    expect(told(ringPush, { ring: { state: 'over' } })).toBeNull();
  });
});

describe('the word that a ring is over', () => {
  it('takes its place without a sound, and goes by itself', () => {
    const notice = told(overPush, { ring: { state: 'over' }, shown: true });
    expect(notice).toMatchObject({
      title: 'No longer ringing',
      passing: true,
      options: { silent: true, requireInteraction: false, actions: [] },
    });
  });

  it('leaves a missed call in its place, without a sound of its own', () => {
    const notice = told(overPush, { ring: { state: 'missed', name: 'Ada', callerId }, shown: true });
    expect(notice).toMatchObject({ title: 'Ada called', passing: false, options: { silent: true } });
  });

  it('never makes a ring', () => {
    for (const ring of [{ state: 'ringing', name: 'Ada', media: 'audio' }, { state: 'unknown' }] as const)
      expect(told(overPush, { ring })?.options.requireInteraction).toBe(false);
  });
});

describe('everything else', () => {
  it('shows the words it brings, and a newer one of the same conversation is heard too', () => {
    expect(told(chatPush, { ring: null })).toMatchObject({
      title: 'Ada',
      options: { body: 'Hello', tag: 'chat:c', renotify: true, requireInteraction: false, data: { link: '/go/chat/c', callId: null } },
    });
  });

  it('is heard once where the missed call stands on the screen already', () => {
    expect(told({ ...chatPush, kind: 'call.missed' }, { ring: null })?.options.renotify).toBe(false);
  });

  it('is not shown after its time, nor without words', () => {
    expect(told({ ...chatPush, expiresAt: gone }, { ring: null })).toBeNull();
    const { title: _, body: __, ...wordless } = chatPush;
    expect(told(wordless, { ring: null })).toBeNull();
  });
});
