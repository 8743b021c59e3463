import { describe, expect, it } from 'vitest';
import { askOutside } from './asking.ts';
import { Outside } from './outside.ts';

const world = new Outside();
const order = (body: unknown) => askOutside(world, '/api/faults', { body });
const mail = () => askOutside(world, '/v3/mail/send', { body: {} });
const sms = () => askOutside(world, '/2010-04-01/Accounts/me/Messages.json', { body: '' });
const push = (token: string) => askOutside(world, `/webpush/fcm.googleapis.com/fcm/send/${token}`);

describe('a fault', () => {
  it('is the answer for as often as was asked, said in the service’s own words', async () => {
    expect((await order({ service: 'sendgrid', status: 503, times: 2, retryAfter: 9 })).status).toBe(204);
    for (const _ of [1, 2])
      expect(await mail()).toMatchObject({ status: 503, headers: { 'Retry-After': '9' }, json: { errors: [{ field: null }] } });
    expect((await mail()).status).toBe(401);
  });

  it('is of one service, and of one device where one is named', async () => {
    await order({ service: 'webpush', to: 'https://fcm.googleapis.com/fcm/send/b', status: 429 });
    expect([(await sms()).status, (await push('a')).status, (await push('b')).status, (await push('b')).status]).toEqual([
      404, 400, 429, 400,
    ]);
  });

  it('is of one mailbox or number', async () => {
    const mailTo = (email: string) => askOutside(world, '/v3/mail/send', { body: { personalizations: [{ to: [{ email }] }] } });
    const smsTo = (To: string) =>
      askOutside(world, '/2010-04-01/Accounts/me/Messages.json', { body: new URLSearchParams({ To }).toString() });
    await order({ service: 'sendgrid', to: 'ada@demo.test', status: 503 });
    await order({ service: 'twilio', to: '+441632960001', status: 503 });
    expect([(await mailTo('b@demo.test')).status, (await mailTo('ada@demo.test')).status]).toEqual([401, 503]);
    expect([(await smsTo('+441632960002')).status, (await smsTo('+441632960001')).status]).toEqual([404, 503]);
  });

  it('can be silence', async () => {
    await order({ service: 'twilio', status: 'silence' });
    await expect(sms()).rejects.toThrow('no answer');
  });

  it('is taken back with all the others', async () => {
    await order({ service: 'twilio', status: 500, times: 99 });
    expect((await askOutside(world, '/api/faults', { method: 'DELETE' })).status).toBe(204);
    expect((await sms()).status).toBe(404);
  });

  it.each([
    '{',
    {},
    { service: 'pigeon', status: 500 },
    { service: 'twilio', status: 200 },
    { service: 'twilio', status: '500' },
    { service: 'twilio', status: 500, times: 0 },
    { service: 'twilio', status: 500, retryAfter: -1 },
    { service: 'twilio', status: 500, to: 7 },
  ])('is refused as %o', async (body) => expect((await order(body)).status).toBe(400));
});
