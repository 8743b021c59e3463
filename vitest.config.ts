/** One project per runtime: `node` for pure code beside it, `workers` inside workerd with real D1, objects and queues. */
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { outside } from './tests/outside.ts';

/** Only a hang ends a test early, ms: a machine with other work to do may be ten times slower. */
const patience = 120_000;

/**
 * Libraries of the Worker that are ES modules throughout: each is handed to workerd as one module instead of its hundreds. The
 * others (SendGrid's, Apple's) are few modules, and ask for Node's by names that can't be put together beforehand.
 */
const libraries = [
  '@block65/webcrypto-web-push',
  'croner',
  'drizzle-orm',
  'drizzle-orm/d1',
  'drizzle-orm/sqlite-core',
  'hono',
  'hono/cookie',
  'image-size',
  'itty-durable/itty-durable.js',
  'itty-durable/proxy-durable.js',
  'jose',
  'stripe',
  'temporal-polyfill',
  'typeid-js',
  'zod/mini',
];

/**
 * Every file of tests is told the whole Worker anew, with the maps to its sources. `npm test` does without (four small files:
 * 12 s of processor instead of 16): whoever runs a failed file alone sees lines as they are written.
 */
const withoutMaps: Plugin = {
  name: 'without-maps',
  enforce: 'post',
  transform: (code) => ({ code, map: { mappings: '' } }),
};

export default defineConfig({
  test: {
    // Two cores: the one that asks mostly waits for its workerd.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'node',
          include: ['{worker,durable-objects,web,db,sandbox,scripts,bench}/**/*.test.ts', 'tests/{simulation,house}/**/*.test.ts'],
          exclude: ['**/*.workers.test.ts', '**/node_modules/**'],
          // Pure code leaves nothing behind, so files share a process; what a test puts in the place of something goes with it.
          isolate: false,
          unstubGlobals: true,
          unstubEnvs: true,
          restoreMocks: true,
          testTimeout: patience,
          hookTimeout: patience,
        },
      },
      {
        plugins: [
          ...(process.env.HEARTHLINE_TEST === 'whole' ? [withoutMaps] : []),
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml', environment: 'local' },
            miniflare: {
              bindings: {
                MIGRATIONS_MAIN: await readD1Migrations('./db/migrations/main'),
                MIGRATIONS_LEDGER: await readD1Migrations('./db/migrations/ledger'),
                FUZZ_COUNT: process.env.FUZZ_COUNT ?? '2000',
                FUZZ_WEBHOOKS: process.env.FUZZ_WEBHOOKS ?? '5000',
                PAYMENT_HISTORIES: process.env.PAYMENT_HISTORIES ?? '15',
                FUZZ_SEED: process.env.FUZZ_SEED ?? 'hearthline',
              },
              outboundService: outside,
            },
          })),
        ],
        test: {
          name: 'workers',
          deps: { optimizer: { ssr: { enabled: true, include: libraries } } },
          include: ['{worker,durable-objects,tests}/**/*.workers.test.ts'],
          setupFiles: ['./tests/workers-setup.ts'],
          testTimeout: patience,
          hookTimeout: patience,
        },
      },
    ],
  },
});
