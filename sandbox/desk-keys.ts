/**
 * Who may send on this desk: the public halves of the keys in `[env.local.vars]` of `wrangler.toml`, and the names that go
 * with them. Real providers know as much of us.
 */
import type { JWK } from 'jose';

export const apple = {
  keyId: 'DESKKEY001',
  teamId: 'DESKTEAM01',
  topic: 'test.hearthline.app',
  publicKey: {
    kty: 'EC',
    crv: 'P-256',
    x: 'nLhx43jJDp1g626Tt7wmv9Fh5mDODVAYI2V9tgFNE4s',
    y: 'KjqwWHHB3LnpcFVh1e4aKUXCFjRHbHrDy44mH9HKnXA',
  } satisfies JWK,
};

export const google = {
  projectId: 'hearthline-local',
  clientEmail: 'push@hearthline-local.iam.gserviceaccount.com',
  keyId: 'desk-key-of-this-machine',
  tokenUri: 'https://oauth2.googleapis.com/token',
  publicKey: {
    kty: 'RSA',
    e: 'AQAB',
    n: [
      'xwWfY5dw3I9DmjA39AZcymDgLNWeJeRtwco3f6zyb-k47-GBhqsKrl9OfM-yZTJZFWt9wMdEFJKiVnuGnln2QlsvWVV8cOl7ktcbizNnAZSqFe',
      'oG4lCNERjWeqsc7xkQ9FqKCkZZZWowIri6UYIzpt7FeNPW7JX7cFK7wGOPxDvvnu0T3ZVc2yzhPXnaBYO3WiJL7IIJvFnQ3qi7BnjOIZdaEm1v',
      'iX7_Jy4PRk9Gf3ysUykBPTs1t1Rre68MHZ_W5JY1MSQra5rQvjvo2oY6X_bGJfYlWtrqqnag8iLzFNM-UTGciNt9fXmoZivMB6GrqsBdcTchLz',
      '_mnzscyoQdqQ',
    ].join(''),
  } satisfies JWK,
};

export const stripe = { apiKey: 'sk_test_not-a-secret', webhookSecret: 'whsec_not-a-secret' };

/** The account that reads purchases at Play, and whom Pub/Sub pushes for. */
export const play = {
  packageName: 'test.hearthline.app',
  clientEmail: 'play-reader@hearthline-local.iam.gserviceaccount.com',
  keyId: 'desk-play-key',
  pushAudience: 'http://127.0.0.1:8787/api/v1/webhooks/google',
  pushEmail: 'play-push@hearthline-local.iam.gserviceaccount.com',
  subscription: 'projects/hearthline-local/subscriptions/play-notifications',
  publicKey: {
    kty: 'RSA',
    e: 'AQAB',
    n: [
      'sGhuvKCjEp0OJ3el_eE1trysbJWiPEQHNG-1O-F5W-82JHk4L8nbhqWY12U2x7gPCc8JEdwwwrn_AXYlKOrwHMLAyV91Qet8UdCRq1qX1wpWCw',
      'SdhinjlU1kjl-iwIRXybDXazbfDvE3YodYnPZ9gJwHwLU2ytaJjP4n5ag4aDQpWetRjegUbtZxeDwA6FX70PCdOYA2FBeVRsxPOlz5eg0gcU7J',
      'GcHX6cIjBh8-G15sNf7Wuk3Ooj7RPNxZeHpLh3l4yBMDnNE2M3La0BZwDgTBaCSTeSCZYm7bdAJJo5DqLrT30AM3jzjm_hdKp2lgtG2wamai9o',
      '-zVQ4byslGsw',
    ].join(''),
  } satisfies JWK,
};

/**
 * The App Store on this desk: the root that stands in `APPLE_DESK_ROOT`, with its key (PKCS #8). It signs here only, since a
 * deployed Worker refuses to start with a root beside Apple's.
 */
export const appStore = {
  bundleId: 'test.hearthline.app',
  appId: 1234567890,
  root: [
    'MIIBdTCCARugAwIBAgIBATAKBggqhkjOPQQDAjAwMR0wGwYDVQQDExRIZWFydGhsaW5lIERlc2sgUm9vdDEPMA0GA1UEChMGTm9ib2R5MB4XDT',
    'I2MDEwMTAwMDAwMFoXDTQ2MDEwMTAwMDAwMFowMDEdMBsGA1UEAxMUSGVhcnRobGluZSBEZXNrIFJvb3QxDzANBgNVBAoTBk5vYm9keTBZMBMG',
    'ByqGSM49AgEGCCqGSM49AwEHA0IABGW4FV7Qa0mCM+HuQ/iVJ90K9oNuR1jHm+Uds3BInqRiPGmimqKZRcLmKkG5NF2IdJLUemPt6LtLfvm8fR',
    'MUtdGjJjAkMBIGA1UdEwEB/wQIMAYBAf8CAQEwDgYDVR0PAQH/BAQDAgIEMAoGCCqGSM49BAMCA0gAMEUCIGSFVGTD/1+3CmSNz3Yeg1MGhxkB',
    'VCUCD9+uHEXSzhJGAiEA2rnMONzFNTqLlUfd6a+Aaw3LEok44kW0qj7e8tqE/TU=',
  ].join(''),
  rootKey: [
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQLT1EphMdpVY0p97spIaRVqyIBimRt2FIkJTEsH5tU2hRANCAARluBVe0GtJgj',
    'Ph7kP4lSfdCvaDbkdYx5vlHbNwSJ6kYjxpopqimUXC5ipBuTRdiHSS1Hpj7ei7S375vH0TFLXR',
  ].join(''),
};

export const adapty = { token: 'adapty-not-a-secret' };
export const appHud = { token: 'apphud-not-a-secret' };

export const oneSignal = { appId: '0de5c0de-0000-4000-8000-000000000001' };
