/** Google's service account, as its JSON file says it. */
import * as z from 'zod/mini';

const text = z.string().check(z.minLength(1));
const serviceAccount = z.object({
  project_id: z.string().check(z.regex(/^[a-z0-9:.-]+$/)),
  client_email: z.email(),
  private_key_id: text,
  /** PKCS #8, as PEM. */
  private_key: text,
  token_uri: z.string().check(z.regex(/^https:\/\//)),
});
export type ServiceAccount = z.infer<typeof serviceAccount>;

/** @throws Error that says nothing of what is in it */
export function readServiceAccount(json: string): ServiceAccount {
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch {
    throw new Error('the service account is no JSON');
  }
  const read = z.safeParse(serviceAccount, body);
  if (read.success) return read.data;
  throw new Error(`the service account lacks ${[...new Set(read.error.issues.map(({ path }) => path.join('.')))].join(', ')}`);
}
