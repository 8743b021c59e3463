import { describe, expect, it } from 'vitest';
import { pushServiceUrl } from './webpush-rules.ts';

describe('an endpoint of Web Push', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc:def',
    'https://jmt17.google.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
    'https://eu.updates.push.services.mozilla.com/wpush/v2/gAAAA',
    'https://wns2-par02p.notify.windows.com/w/?token=BQYAAA',
    'https://web.push.apple.com/QGuQyavXutnMH',
    'https://FCM.googleapis.com:443/fcm/send/abc',
  ])('is asked at %s', (endpoint) => expect(pushServiceUrl(endpoint)?.href).toMatch(/^https:/));

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
    'http://127.0.0.1:8799/webpush/fcm.googleapis.com/x',
  ])('is not asked at %s', (endpoint) => expect(pushServiceUrl(endpoint)).toBeNull());
});
