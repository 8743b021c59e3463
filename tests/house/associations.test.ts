/** The files by which phones know the apps of this site, held to what Apple and Google document. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { onRequestGet as apple } from '../../web/functions/.well-known/apple-app-site-association.ts';
import { onRequestGet as google } from '../../web/functions/.well-known/assetlinks.json.ts';
import { LINK_BASE } from '../../worker/protocol/links.ts';

const fingerprint = Array.from({ length: 32 }, (_, n) => (n * 7).toString(16).padStart(2, '0').toUpperCase()).join(':');
const settings = {
  APPLE_TEAM_ID: 'ABCDE12345',
  IOS_BUNDLE_ID: 'example.hearthline',
  ANDROID_PACKAGE: 'example.hearthline',
  ANDROID_FINGERPRINTS: `${fingerprint}, ${fingerprint}`,
};

/** Apple, “applinks”: each key of a component is a string, or `exclude` and `caseSensitive`, which are not. */
const appleFile = z.strictObject({
  applinks: z.strictObject({
    details: z.array(
      z.strictObject({
        appIDs: z.array(z.string().check(z.regex(/^[A-Z0-9]{10}\.[A-Za-z0-9.-]+$/))).check(z.minLength(1)),
        components: z.array(z.strictObject({ '/': z.string(), comment: z.optional(z.string()) })).check(z.minLength(1)),
      }),
    ),
  }),
});

/** Google, “Digital Asset Links” statements, with the rules that Android 15 reads. */
const googleFile = z.array(
  z.strictObject({
    relation: z.array(z.literal('delegate_permission/common.handle_all_urls')).check(z.length(1)),
    target: z.strictObject({
      namespace: z.literal('android_app'),
      package_name: z.string().check(z.regex(/^[a-zA-Z]\w*(\.[a-zA-Z]\w*)+$/)),
      sha256_cert_fingerprints: z.array(z.string().check(z.regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/))).check(z.minLength(1)),
    }),
    relation_extensions: z.strictObject({
      'delegate_permission/common.handle_all_urls': z.strictObject({
        dynamic_app_link_components: z.array(z.strictObject({ '/': z.string() })),
      }),
    }),
  }),
);

const read = async (answer: Response, shape: z.ZodMiniType) => {
  expect([answer.status, answer.headers.get('Content-Type'), answer.redirected]).toEqual([200, 'application/json', false]);
  return z.parse(shape, await answer.json());
};

describe('the files that phones fetch', () => {
  it('are as their vendors document them', async () => {
    expect(await read(apple({ env: settings }), appleFile)).toMatchObject({
      applinks: { details: [{ appIDs: ['ABCDE12345.example.hearthline'] }] },
    });
    expect(await read(google({ env: settings }), googleFile)).toMatchObject([
      { target: { sha256_cert_fingerprints: [fingerprint, fingerprint] } },
    ]);
  });

  it('give away links and no other page', async () => {
    const told = JSON.stringify([await apple({ env: settings }).json(), await google({ env: settings }).json()]);
    expect([...told.matchAll(/"\/":"([^"]*)"/g)].map(([, path]) => path)).toEqual([`${LINK_BASE}*`, `${LINK_BASE}*`]);
  });

  it.each([
    ['no app', { APPLE_TEAM_ID: '', ANDROID_PACKAGE: '' }],
    [
      'nothing set at all',
      { APPLE_TEAM_ID: undefined, IOS_BUNDLE_ID: undefined, ANDROID_PACKAGE: undefined, ANDROID_FINGERPRINTS: undefined },
    ],
    ['a team that is none', { APPLE_TEAM_ID: 'abcde12345', ANDROID_PACKAGE: 'no dots' }],
    ['a bundle that is none', { IOS_BUNDLE_ID: 'a b', ANDROID_FINGERPRINTS: '' }],
    ['a fingerprint of another hash', { IOS_BUNDLE_ID: 'single', ANDROID_FINGERPRINTS: fingerprint.slice(0, 59) }],
    ['one good fingerprint and one bad', { IOS_BUNDLE_ID: 'x..y', ANDROID_FINGERPRINTS: `${fingerprint},x` }],
  ])('are not there with %s', (_, change) => {
    const env = JSON.parse(JSON.stringify({ ...settings, ...change }));
    expect([apple({ env }).status, google({ env }).status]).toEqual([404, 404]);
  });
});
