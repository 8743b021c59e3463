import { describe, expect, it } from 'vitest';
import type { Env } from '../env.ts';
import { complaintsAbout, isSetUp, secretOf } from './environment.ts';

const binding = {} as never;
const of = (environment: string, over: Record<string, unknown> = {}): Partial<Env> => ({
  ENVIRONMENT: environment as Env['ENVIRONMENT'],
  API_ORIGIN: 'https://api.hearthline.example',
  ALLOWED_ORIGINS: 'https://hearthline.example,https://panel.hearthline.example',
  PANEL_ORIGIN: 'https://panel.hearthline.example',
  SANDBOX_ORIGIN: '',
  MAIL_FROM: 'hello@hearthline.example',
  SMS_FROM: '+15005550006',
  TURN_URLS: 'turns:turn.example:443',
  KEY_SEALING_SECRET: `${environment}_${'k'.repeat(40)}`,
  SENDGRID_API_KEY: `${environment}_SG.key`,
  SMS_API_KEY: `${environment}_account:token`,
  TURN_SECRET: `${environment}_turn`,
  DB: binding,
  LEDGER_0: binding,
  LEDGER_1: binding,
  SEALS: binding,
  MEDIA: binding,
  NOTIFICATIONS: binding,
  WEBHOOKS: binding,
  CALL_SESSION: binding,
  CHAT_ROOM: binding,
  USER_HUB: binding,
  GALLERY_FEED: binding,
  PROVIDER_TOKENS: binding,
  ...over,
});

describe('an environment', () => {
  it.each(['local', 'staging', 'production'])('%s with all of its own serves', (name) => expect(complaintsAbout(of(name))).toEqual([]));

  it.each(['KEY_SEALING_SECRET', 'SENDGRID_API_KEY', 'SMS_API_KEY', 'TURN_SECRET'])('does not serve without its own %s', (name) => {
    const key = 'top-secret-of-another-environment-entirely';
    for (const wrong of [undefined, '', `staging_${key}`, key, 'production_', 'productionx_top-secret']) {
      const found = complaintsAbout(of('production', { [name]: wrong }));
      expect(found.length, String(wrong)).toBeGreaterThan(0);
      expect(found.join(' ')).toContain(name);
      expect(found.join(' ')).not.toContain('top-secret');
    }
    expect(complaintsAbout(of('staging', { [name]: `production_${key}` }))).toHaveLength(1);
  });

  it('needs no TURN secret without TURN', () => expect(complaintsAbout(of('local', { TURN_URLS: '', TURN_SECRET: '' }))).toEqual([]));

  it.each([
    ['SANDBOX_ORIGIN', 'http://127.0.0.1:8799'],
    ['API_ORIGIN', 'http://api.hearthline.example'],
    ['ALLOWED_ORIGINS', 'https://hearthline.example,http://127.0.0.1:5173'],
    ['PANEL_ORIGIN', 'http://127.0.0.1:5174'],
    ['APPLE_DESK_ROOT', 'MIIB'],
    ['FIREBASE_CERTS_URL', 'http://127.0.0.1/certs'],
    ['KEY_SEALING_SECRET', 'production_short'],
  ])('deployed, it does not serve with a desk’s %s', (name, value) =>
    expect(complaintsAbout(of('production', { [name]: value })).join(' ')).toContain(name),
  );

  it.each(['', 'news:1', 'news:1,calls:22'])('takes %j for the groups at SendGrid', (groups) =>
    expect(complaintsAbout(of('production', { SENDGRID_ASM_GROUPS: groups }))).toEqual([]),
  );
  it.each(['news', 'news:x', 'news=1', 'news:1;calls:2'])('refuses %j for them', (groups) =>
    expect(complaintsAbout(of('production', { SENDGRID_ASM_GROUPS: groups })).join(' ')).toContain('SENDGRID_ASM_GROUPS'),
  );

  it.each(['MAIL_FROM', 'SMS_FROM', 'API_ORIGIN', 'ALLOWED_ORIGINS', 'PANEL_ORIGIN', 'DB', 'LEDGER_1', 'NOTIFICATIONS'])(
    'needs %s',
    (name) => expect(complaintsAbout(of('local', { [name]: undefined })).join(' ')).toContain(name),
  );

  it('has its panel among the pages that may write', () =>
    expect(complaintsAbout(of('production', { PANEL_ORIGIN: 'https://elsewhere.example' }))).toEqual([
      'PANEL_ORIGIN must be one of ALLOWED_ORIGINS.',
    ]));

  it('must have a name we know', () => expect(complaintsAbout(of('test'))).toHaveLength(1));
});

const account = {
  project_id: 'hearthline',
  client_email: 'push@hearthline.example',
  private_key_id: 'k',
  private_key: 'top-secret',
  token_uri: 'https://oauth2.googleapis.com/token',
};
const services = {
  VAPID_PRIVATE_KEY: ['VAPID_PUBLIC_KEY'],
  APNS_KEY: ['APNS_KEY_ID', 'APNS_TEAM_ID', 'APNS_TOPIC', 'APNS_ORIGIN'],
  FCM_SERVICE_ACCOUNT: [],
  ONESIGNAL_API_KEY: ['ONESIGNAL_APP_ID'],
};
describe.each(Object.entries(services))('a channel of push messages by %s', (secret, settings) => {
  const whole = Object.fromEntries([
    [secret, `staging_${secret === 'FCM_SERVICE_ACCOUNT' ? JSON.stringify(account) : 'top-secret'}`],
    ...settings.map((name) => [name, 'https://of-the-channel.example']),
  ]);
  it('is on with all of its own, off without any', () => {
    for (const env of [of('staging', whole), of('staging')]) expect(complaintsAbout(env)).toEqual([]);
    const service = { VAPID_PRIVATE_KEY: 'webpush', APNS_KEY: 'apns', FCM_SERVICE_ACCOUNT: 'fcm', ONESIGNAL_API_KEY: 'onesignal' }[secret];
    expect([of('staging', whole), of('staging')].map((env) => isSetUp(env as Env, service as 'fcm'))).toEqual([true, false]);
  });
  it('set up by half, it says which half is missing', () => {
    for (const name of Object.keys(whole).filter(() => settings.length > 0)) {
      const found = complaintsAbout(of('staging', { ...whole, [name]: '' }));
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(new RegExp(`^${name} is missing`));
    }
  });
  it('does not serve with the secret of another environment, and does not say it', () => {
    for (const wrong of ['production_top-secret', 'top-secret', 'staging_']) {
      const found = complaintsAbout(of('staging', { ...whole, [secret]: wrong })).join(' ');
      expect(found).toContain(secret);
      expect(found).not.toContain('top-secret');
    }
  });
});

/** Sources of payments, all of whose variables are of one kind or none is needed. */
const sources = {
  stripe: { STRIPE_API_KEY: 'staging_sk', STRIPE_WEBHOOK_SECRETS: 'staging_whsec_a,whsec_b' },
  adapty: { ADAPTY_WEBHOOK_TOKENS: 'staging_a,b' },
  apphud: { APPHUD_WEBHOOK_TOKENS: 'staging_a' },
  app_store: { APPLE_BUNDLE_ID: 'example.hearthline', APPLE_APP_ID: '1234567890' },
  play: {
    PLAY_SERVICE_ACCOUNT: `staging_${JSON.stringify(account)}`,
    PLAY_PACKAGE_NAME: 'example.hearthline',
    PLAY_PUSH_AUDIENCE: 'https://api.hearthline.example',
    PLAY_PUSH_EMAIL: 'push@hearthline.example',
  },
} as const;
describe.each(Object.entries(sources))('the source of payments %s', (name, whole) => {
  it('is on with all of its own, off without any, and by half it says what is missing', () => {
    expect(complaintsAbout(of('staging', whole))).toEqual([]);
    expect(isSetUp(of('staging', whole) as Env, name as 'stripe')).toBe(true);
    expect(isSetUp(of('staging') as Env, name as 'stripe')).toBe(false);
    for (const lacking of Object.keys(whole).filter((_, n, all) => all.length > 1 && n < all.length)) {
      expect(complaintsAbout(of('staging', { ...whole, [lacking]: '' })).join(' ')).toContain(`${lacking} is missing`);
      expect(isSetUp(of('staging', { ...whole, [lacking]: '' }) as Env, name as 'stripe')).toBe(false);
    }
  });
  it('has no secret of another environment', () => {
    for (const [secret, value] of Object.entries(whole).filter(([, value]) => value.startsWith('staging_')))
      expect(complaintsAbout(of('production', { ...whole, [secret]: value })).join(' ')).toContain(secret);
  });
});

describe('the service account', () => {
  it.each([
    ['no JSON', 'top-secret{', 'no JSON'],
    ['half of it', JSON.stringify({ ...account, private_key: undefined }), 'private_key'],
    ['another address', JSON.stringify({ ...account, token_uri: 'http://127.0.0.1/token' }), 'token_uri'],
    ['a project that leads elsewhere', JSON.stringify({ ...account, project_id: '../x' }), 'project_id'],
  ])('that is %s is not served with, and not said', (_, json, lacks) => {
    const found = complaintsAbout(of('production', { FCM_SERVICE_ACCOUNT: `production_${json}` }));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(lacks);
    expect(found[0]).not.toContain('top-secret');
  });
});

describe('a secret', () => {
  it('is known to the outside without its prefix', () => expect(secretOf(of('staging') as Env, 'SENDGRID_API_KEY')).toBe('SG.key'));
});
