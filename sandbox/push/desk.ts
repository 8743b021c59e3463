/** The desk's private halves, as `wrangler.toml` has them; for tests that sign as the Worker does. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

const toml = readFileSync(new URL('../../wrangler.toml', import.meta.url), 'utf8');
const settingOf = (name: string): string => {
  const found = new RegExp(`^${name} = ["'](?:local_)?(.*)["']$`, 'm').exec(toml)?.[1];
  if (found === undefined) throw new Error(`wrangler.toml has no ${name}`);
  return found;
};
const keyOf = (base64: string): KeyObject => createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });

export const appleKey = keyOf(settingOf('APNS_KEY'));
export const googleKey = keyOf((JSON.parse(settingOf('FCM_SERVICE_ACCOUNT')) as { private_key: string }).private_key);
export const oneSignalKey = settingOf('ONESIGNAL_API_KEY');
