import { describe, expect, it } from 'vitest';
import { pushServiceUrl } from './webpush-rules.ts';

const STAND_IN = 'http://127.0.0.1:8799';

describe('an endpoint of Web Push', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc:def',
    'https://jmt17.google.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
    'https://eu.updates.push.services.mozilla.com/wpush/v2/gAAAA',
    'https://wns2-par02p.notify.windows.com/w/?token=BQYAAA',
    'https://web.push.apple.com/QGuQyavXutnMH',
    'https://FCM.googleapis.com:443/fcm/send/abc',
  ])('is asked at %s', (endpoint) => expect(pushServiceUrl(endpoint, '')?.href).toMatch(/^https:/));

  it.each([
    '',
    'fcm.googleapis.com/fcm/send/abc',
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com/',
    'https://fcm.googleapis.com:8443/fcm/send/abc',
    'https://fcm.googleapis.com./fcm/send/abc',
    'https://ada:secret@fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com@10.0.0.1/fcm/send/abc',
    'https://fcm.googleapis.com.evil.example/fcm/send/abc',
    'https://evilfcm.googleapis.com/fcm/send/abc',
    'https://evil.example/fcm.googleapis.com/fcm/send',
    'https://notify.windows.com.evil.example/w',
    'https://notnotify.windows.com/w',
    'https://push.apple.com.evil.example/x',
    'https://fcm.googleapis.com/fcm/send/abc#x',
    'https://127.0.0.1/webpush/abc',
    'https://[::1]/webpush/abc',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/x',
    'https://localhost/x',
    'ftp://fcm.googleapis.com/fcm/send/abc',
    'javascript:alert(1)',
    'file:///etc/passwd',
    `${STAND_IN}/webpush/abc`,
  ])('is not asked at %s', (endpoint) => expect(pushServiceUrl(endpoint, '')).toBeNull());

  it('is the stand-in’s where there is one, and only among its subscriptions', () => {
    expect(pushServiceUrl(`${STAND_IN}/webpush/abc`, STAND_IN)?.pathname).toBe('/webpush/abc');
    for (const other of [`${STAND_IN}/api/messages`, `${STAND_IN}/webpush/../token`, 'http://127.0.0.1:8787/webpush/abc'])
      expect(pushServiceUrl(other, STAND_IN), other).toBeNull();
  });
});
