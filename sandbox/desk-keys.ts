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

export const oneSignal = { appId: '0de5c0de-0000-4000-8000-000000000001' };
