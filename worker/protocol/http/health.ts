/** Is it up, which version, and where does it run. */
import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

export const readHealth = endpoint({
  name: 'readHealth',
  method: 'GET',
  path: '/health',
  tag: 'health',
  summary: 'Whether every part answers',
  access: 'public',
  status: 200,
  answer: z.object({
    status: z.enum(['ok', 'degraded']),
    version: z.string(),
    environment: z.enum(['local', 'staging', 'production']),
    checks: z.record(z.string(), z.enum(['ok', 'failed'])),
  }),
});
