/** For tests inside workerd: what turns the local environment into a deployed one, with every service off that may be off. */
import type { Env } from '../worker/env.ts';

export const staging = {
  ENVIRONMENT: 'staging',
  API_ORIGIN: 'https://api.test',
  ALLOWED_ORIGINS: 'https://app.test,https://panel.test',
  PANEL_ORIGIN: 'https://panel.test',
  SANDBOX_ORIGIN: '',
  SENDGRID_API_KEY: 'staging_SG.x',
  SMS_API_KEY: 'staging_a:b',
  KEY_SEALING_SECRET: 'staging_0123456789012345678901234567',
  VAPID_PUBLIC_KEY: '',
  VAPID_PRIVATE_KEY: '',
  APNS_KEY: '',
  APNS_KEY_ID: '',
  APNS_TEAM_ID: '',
  APNS_TOPIC: '',
  APNS_ORIGIN: '',
  FCM_SERVICE_ACCOUNT: '',
  ONESIGNAL_API_KEY: '',
  ONESIGNAL_APP_ID: '',
  STRIPE_API_KEY: '',
  STRIPE_WEBHOOK_SECRETS: '',
} as const satisfies Partial<Env>;
