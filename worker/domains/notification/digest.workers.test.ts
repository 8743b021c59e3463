/** Missed calls as one mail, from the hub to the mailbox: the queue and the clock are the test's, the mail goes to the stand-in. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appAs } from '../../../tests/app-as.ts';
import { testEnv } from '../../../tests/devices.ts';
import { eventually } from '../../../tests/eventually.ts';
import { newId } from '../../platform/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { changeProfile } from '../profile/service.ts';
import { userById } from '../user/service.ts';
import { changeSettings } from './choices.ts';
import {
  aTown,
  catchQueue,
  contextAt,
  deliver,
  deliverAll,
  HOUR,
  hubOf,
  MINUTE,
  openApp,
  queued,
  ringAlarm,
  SECOND,
  START,
  setClock,
  type Town,
} from './climb-desk.workers.ts';
import { releaseDeferrals } from './deferring.ts';
import { deliveries } from './deliveries.ts';
import { mountMail } from './mail-routes.ts';
import { type Ways, ways } from './ways.ts';

/** Faking stands between the test and the world’s own clock. */
const realNow = Date.now;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  catchQueue();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A town whose mail is real. @param over what happens instead, where a test says so */
async function realTown(over: Partial<Ways> = {}): Promise<Town & { address: string }> {
  const town = await aTown();
  const user = await userById(contextAt(START), town.who.userId);
  return { ...town, ways: { ...town.ways, mail: ways.mail, ...over }, address: user?.email ?? '' };
}

const caller = newId('usr');
async function missed(town: Town, name: string, at: number): Promise<`ntf_${string}`> {
  const id = newId('ntf');
  const body = { callId: newId('call'), from: { id: caller, displayName: name, portrait: null }, media: 'audio', at: toTimestamp(at) };
  await hubOf(town.who).notify({ id, kind: 'call.missed', body, now: setClock(at) });
  return id;
}

interface Seen {
  id: string;
  subject: string;
  text: string;
  html: string;
  mail: { args: { message_id: string } };
}
const sandbox = async (path: string, body?: unknown) => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await fetch(`${testEnv.SANDBOX_ORIGIN}/api/${path}`, init)).json() as Promise<{
    items: Seen[];
    calls: { headers: Record<string, string>; body: string }[];
  }>;
};
const mailsOf = async (address: string): Promise<Seen[]> => (await sandbox(`messages?to=${encodeURIComponent(address)}`)).items;

/** So many calls climb until they wait for the digest: pushed, unanswered for half an hour. */
async function gather(town: Town, at: number, count = 1): Promise<void> {
  await eventually(() => expect(queued).toHaveLength(count));
  await deliverAll(town, at);
  await ringAlarm(town.who, at + 31 * MINUTE);
  await eventually(() => expect(queued).toHaveLength(count));
  await deliverAll(town, at + 31 * MINUTE);
}
const release = async (town: Town, at: number): Promise<unknown[]> => {
  await releaseDeferrals(contextAt(setClock(at)));
  return deliverAll(town, at);
};

describe('missed calls', () => {
  it('are one mail of three, with names, moments and ways back; those seen meanwhile are in none', async () => {
    const town = await realTown();
    await changeProfile(contextAt(START), town.who.userId, { private: { timeZone: 'Europe/Berlin' }, comfort: { language: 'de' } });
    for (const [n, name] of ['Grace', 'Hugo & Iris', 'Grace'].entries()) await missed(town, name, START + n * SECOND);
    const seenLater = await missed(town, 'Otto', START + 3 * SECOND);
    await gather(town, START + MINUTE, 4);
    const app = await openApp(town.who);
    app.send({ type: 'ack', id: seenLater });
    await app.rest();
    expect(await mailsOf(town.address)).toEqual([]);
    await release(town, START + 70 * MINUTE);
    const mails = await mailsOf(town.address);
    expect(mails.map(({ subject }) => subject)).toEqual(['Sie haben 3 Anrufe verpasst']);
    const [{ text, html } = { text: '', html: '' }] = mails;
    expect(text.match(/zurückrufen: http\S+\/go\/call-back\/usr_/g)).toHaveLength(3);
    expect(text).toContain('Hugo & Iris, heute um 12:00 Uhr');
    expect(html).toContain('Hugo &amp; Iris');
    expect(text + html).not.toContain('Otto');
    await release(town, START + 3 * HOUR);
    expect(await mailsOf(town.address)).toHaveLength(1);
  });

  it('that all were seen are no mail', async () => {
    const town = await realTown();
    const id = await missed(town, 'Grace', START);
    await gather(town, START + MINUTE);
    const app = await openApp(town.who);
    app.send({ type: 'ack', id });
    await app.rest();
    await release(town, START + 70 * MINUTE);
    expect(await mailsOf(town.address)).toEqual([]);
  });

  it('of the night are told when quiet hours end', async () => {
    const town = await realTown();
    const [night, morning] = [Date.UTC(2040, 6, 1, 21), Date.UTC(2040, 6, 2, 5)];
    const who = { userId: town.who.userId, role: 'member', email: null } as const;
    await changeProfile(contextAt(START), town.who.userId, { private: { timeZone: 'Europe/Berlin' } });
    await missed(town, 'Grace', night - HOUR - 35 * MINUTE);
    await gather(town, night - HOUR - 34 * MINUTE);
    await changeSettings(contextAt(night), who, { quiet: { on: true, from: '22:00', to: '07:00' } });
    await release(town, night);
    await release(town, morning - MINUTE);
    expect(await mailsOf(town.address)).toEqual([]);
    await release(town, morning);
    expect((await mailsOf(town.address)).map(({ subject }) => subject)).toEqual(['You missed a call']);
  });
});

describe('a crash', () => {
  const crashing = (when: 'before' | 'after') => {
    const state = { crashes: 1 };
    const mail: Ways['mail'] = async (ctx, order) => {
      if (state.crashes === 0) return ways.mail(ctx, order);
      state.crashes -= 1;
      if (when === 'after') await ways.mail(ctx, order);
      throw new Error('the machine stopped');
    };
    return mail;
  };
  /** The digest’s message, lost in the crash and delivered again by the queue. */
  const crash = async (town: Town) => {
    await missed(town, 'Grace', START);
    await gather(town, START + MINUTE);
    await releaseDeferrals(contextAt(setClock(START + 70 * MINUTE)));
    const [message] = queued.splice(0);
    if (!message) throw new Error('no digest is due');
    await expect(deliver(town, message, START + 70 * MINUTE)).rejects.toThrow('the machine stopped');
    return message;
  };
  const told = async (address: string) => {
    const [seen] = await mailsOf(address);
    const { calls } = await sandbox('mail-events', { message: seen?.id, event: 'processed' });
    for (const { headers, body } of calls) {
      const answer = await appAs(testEnv, mountMail, realNow())(
        undefined,
        'POST',
        '/webhooks/sendgrid',
        new TextEncoder().encode(body),
        headers,
      );
      expect(answer.status).toBe(204);
    }
  };
  const AFTER = START + 75 * MINUTE;

  it('between the sending and its note sends nothing a second time: SendGrid has told of the first', async () => {
    const town = await realTown({ mail: crashing('after') });
    const message = await crash(town);
    expect(await deliver(town, message, START + 71 * MINUTE)).toEqual({ retry: true, code: 'busy', delaySeconds: 240 });
    await told(town.address);
    expect(await deliver(town, message, AFTER)).toEqual({ done: true });
    expect(await mailsOf(town.address)).toHaveLength(1);
    const row = await testEnv.DB.prepare("SELECT state FROM notification_climb WHERE rung = 'digest' AND user_id = ?")
      .bind(town.who.userId)
      .first();
    expect(row).toEqual({ state: 'told' });
    const { items } = await deliveries(contextAt(AFTER), { userId: town.who.userId });
    expect(items[0]?.sends.map(({ rung, word }) => [rung, word?.type ?? null])).toEqual([
      ['push', null],
      ['digest', 'processed'],
    ]);
  });

  it('before the sending loses nothing: what SendGrid never told of is sent', async () => {
    const town = await realTown({ mail: crashing('before') });
    const message = await crash(town);
    expect(await deliver(town, message, AFTER)).toEqual({ done: true });
    expect(await deliver(town, message, AFTER + MINUTE)).toEqual({ done: true });
    expect(await mailsOf(town.address)).toHaveLength(1);
  });

  it('of the connection, with the mail taken, sends nothing a second time either', async () => {
    const state = { cuts: 1 };
    const town = await realTown({
      mail: async (ctx, order) => {
        const sending = await ways.mail(ctx, order);
        if (state.cuts === 0) return sending;
        state.cuts -= 1;
        return { sent: false, again: true, code: 'sendgrid_unreachable' };
      },
    });
    await missed(town, 'Grace', START);
    await gather(town, START + MINUTE);
    await releaseDeferrals(contextAt(setClock(START + 70 * MINUTE)));
    const [message] = queued.splice(0);
    if (!message) throw new Error('no digest is due');
    expect(await deliver(town, message, START + 70 * MINUTE)).toMatchObject({ retry: true, code: 'sendgrid_unreachable' });
    await told(town.address);
    expect(await deliver(town, message, START + 71 * MINUTE)).toEqual({ done: true });
    expect(await mailsOf(town.address)).toHaveLength(1);
  });
});
