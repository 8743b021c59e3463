/**
 * Refuses to serve with settings that are missing, or that belong to another environment. Each of our own secrets
 * starts with the name of its environment and an underscore, so that a staging key can't serve production. Says which
 * variable is wrong and never what is in it.
 */
import type { Env, Environment } from '../env.ts';
import { readServiceAccount } from './service-account.ts';

const environments: readonly Environment[] = ['local', 'staging', 'production'];

const secrets = ['KEY_SEALING_SECRET', 'SENDGRID_API_KEY', 'SMS_API_KEY', 'TURN_SECRET'] as const;

/** Outside services that may be off: all of their variables are set, or none. */
const optionalServices = {
  webpush: { secrets: ['VAPID_PRIVATE_KEY'], settings: ['VAPID_PUBLIC_KEY'] },
  apns: { secrets: ['APNS_KEY'], settings: ['APNS_KEY_ID', 'APNS_TEAM_ID', 'APNS_TOPIC', 'APNS_ORIGIN'] },
  fcm: { secrets: ['FCM_SERVICE_ACCOUNT'], settings: [] },
  onesignal: { secrets: ['ONESIGNAL_API_KEY'], settings: ['ONESIGNAL_APP_ID'] },
  stripe: { secrets: ['STRIPE_API_KEY', 'STRIPE_WEBHOOK_SECRETS'], settings: [] },
  adapty: { secrets: ['ADAPTY_WEBHOOK_TOKENS'], settings: [] },
  apphud: { secrets: ['APPHUD_WEBHOOK_TOKENS'], settings: [] },
  app_store: { secrets: [], settings: ['APPLE_BUNDLE_ID', 'APPLE_APP_ID'] },
  play: { secrets: ['PLAY_SERVICE_ACCOUNT'], settings: ['PLAY_PACKAGE_NAME', 'PLAY_PUSH_AUDIENCE', 'PLAY_PUSH_EMAIL'] },
} as const satisfies Record<string, { secrets: readonly (keyof Env)[]; settings: readonly (keyof Env)[] }>;
export type OptionalService = keyof typeof optionalServices;

export type SecretName = (typeof secrets)[number] | (typeof optionalServices)[OptionalService]['secrets'][number];

const settings = ['API_ORIGIN', 'ALLOWED_ORIGINS', 'PANEL_ORIGIN', 'MAIL_FROM', 'SMS_FROM'] as const;
const bindings = [
  'DB',
  'LEDGER_0',
  'LEDGER_1',
  'SEALS',
  'MEDIA',
  'NOTIFICATIONS',
  'WEBHOOKS',
  'CALL_SESSION',
  'CHAT_ROOM',
  'USER_HUB',
  'GALLERY_FEED',
  'PROVIDER_TOKENS',
] as const;

/** Enough for a key nobody guesses, after the prefix. */
const MIN_SEALING_LENGTH = 32;

/** What is wrong with the environment, a sentence each; empty: it may serve. */
export function complaintsAbout(env: Partial<Env>): string[] {
  const environment = environments.find((known) => known === env.ENVIRONMENT);
  if (!environment) return [`ENVIRONMENT must be one of ${environments.join(', ')}.`];
  return [
    ...settings.filter((name) => !env[name]).map((name) => `${name} is missing.`),
    ...bindings.filter((name) => !env[name]).map((name) => `The binding ${name} is missing.`),
    ...secrets.flatMap((name) => secretComplaint(name, env, environment)),
    ...Object.values(optionalServices).flatMap((service) => serviceComplaints(service, env, environment)),
    ...(/^([a-z_]+:\d+(,|$))*$/.test(env.SENDGRID_ASM_GROUPS ?? '') ? [] : ['SENDGRID_ASM_GROUPS must be like news:123,calls:456.']),
    ...(env.PANEL_ORIGIN && !env.ALLOWED_ORIGINS?.split(',').some((origin) => origin.trim() === env.PANEL_ORIGIN)
      ? ['PANEL_ORIGIN must be one of ALLOWED_ORIGINS.']
      : []),
    ...(environment === 'local' ? [] : deployedComplaints(env)),
  ];
}

function secretComplaint(name: SecretName, env: Partial<Env>, environment: Environment): string[] {
  const value = env[name];
  // TURN is optional: without its addresses its secret is not needed.
  if (!value) return name === 'TURN_SECRET' && !env.TURN_URLS ? [] : [`The secret ${name} is missing.`];
  if (!value.startsWith(`${environment}_`))
    return [`The secret ${name} does not belong to the environment ${environment}: it must start with ${environment}_.`];
  return value.length > environment.length + 1 ? [] : [`The secret ${name} is empty behind its prefix.`];
}

function serviceComplaints(
  { secrets, settings }: { secrets: readonly SecretName[]; settings: readonly (keyof Env)[] },
  env: Partial<Env>,
  environment: Environment,
): string[] {
  const names = [...secrets, ...settings];
  const missing = names.filter((name) => !env[name]);
  if (missing.length === names.length) return [];
  if (missing.length > 0) return missing.map((name) => `${name} is missing: of ${names.join(', ')} all must be set, or none.`);
  const complaints = secrets.flatMap((name) => secretComplaint(name, env, environment));
  const accounts = secrets.filter((name) => name.endsWith('_SERVICE_ACCOUNT'));
  return complaints.length === 0 ? accounts.flatMap((name) => accountComplaints(name, env, environment)) : complaints;
}

function accountComplaints(name: SecretName, env: Partial<Env>, environment: Environment): string[] {
  try {
    readServiceAccount((env[name] ?? '').slice(environment.length + 1));
    return [];
  } catch (thrown) {
    return [`The secret ${name} can’t be used: ${(thrown as Error).message}.`];
  }
}

/** Whether the service is on in this environment. */
export const isSetUp = (env: Env, service: OptionalService): boolean => {
  const { secrets, settings } = optionalServices[service];
  return [...secrets, ...settings].every((name) => Boolean(env[name]));
};

function deployedComplaints(env: Partial<Env>): string[] {
  const plain = (origins: string | undefined) => (origins ?? '').split(',').some((origin) => !origin.trim().startsWith('https://'));
  const complaints: string[] = [];
  for (const name of ['SANDBOX_ORIGIN', 'APPLE_DESK_ROOT'] as const) if (env[name]) complaints.push(`${name} must be empty outside local.`);
  for (const name of ['API_ORIGIN', 'ALLOWED_ORIGINS', 'PANEL_ORIGIN', 'APNS_ORIGIN'] as const)
    if (env[name] && plain(env[name])) complaints.push(`${name} must be https outside local.`);
  if (env.FIREBASE_CERTS_URL && plain(env.FIREBASE_CERTS_URL)) complaints.push('FIREBASE_CERTS_URL must be https outside local.');
  if (env.KEY_SEALING_SECRET && env.KEY_SEALING_SECRET.length < MIN_SEALING_LENGTH)
    complaints.push(`The secret KEY_SEALING_SECRET is too short: ${MIN_SEALING_LENGTH} characters at least.`);
  return complaints;
}

const judged = new WeakMap<Env, readonly string[]>();

/** `complaintsAbout`, looked at once per isolate. */
export function complaints(env: Env): readonly string[] {
  const known = judged.get(env);
  if (known) return known;
  const found = complaintsAbout(env);
  judged.set(env, found);
  return found;
}

/** A secret without the prefix of its environment, as the outside service knows it. */
export const secretOf = (env: Env, name: SecretName): string => (env[name] ?? '').slice(env.ENVIRONMENT.length + 1);
