/** What the platform binds to this Worker. Checked once per isolate by `platform/environment.ts`. */

import type { CallSessionStub, ChatRoomStub, GalleryFeedStub, Namespace, ProviderTokensStub, UserHubStub } from './platform/stubs.ts';
import type { NotificationMessage, PaymentMessage } from './protocol/queue/messages.ts';

export type Environment = 'local' | 'staging' | 'production';

export interface Env {
  readonly ENVIRONMENT: Environment;
  readonly API_ORIGIN: string;
  /** Comma-separated origins of the web apps; anything else may not write or open a socket. */
  readonly ALLOWED_ORIGINS: string;
  /** The one of them that staff use: links in their mails lead there. */
  readonly PANEL_ORIGIN: string;
  /** Where the stand-ins for outside services listen; empty outside local. */
  readonly SANDBOX_ORIGIN: string;
  readonly MAIL_FROM: string;
  /** Public key (SPKI, base64) that SendGrid signs its events with; empty: they are refused. */
  readonly SENDGRID_EVENT_KEY: string;
  /** Our mail groups → unsubscribe groups at SendGrid: `news:12345,calls:23456`; empty: there are none. */
  readonly SENDGRID_ASM_GROUPS: string;
  /** The number that SMS come from. */
  readonly SMS_FROM: string;
  /** Empty: Firebase sign-in is off. */
  readonly FIREBASE_PROJECT_ID: string;
  /** Where the certificates of Firebase are read; empty: at Google. */
  readonly FIREBASE_CERTS_URL: string;
  /** Comma-separated TURN URLs; empty: none. Outside local `direct` calls need one. */
  readonly TURN_URLS: string;

  // Channels of push messages; one without its variables is off.
  /** What browsers subscribe with: the public half of `VAPID_PRIVATE_KEY`, 65 bytes in base64url. */
  readonly VAPID_PUBLIC_KEY?: string;
  /** The id of `APNS_KEY`, the team it belongs to, and the app's bundle id. */
  readonly APNS_KEY_ID?: string;
  readonly APNS_TEAM_ID?: string;
  readonly APNS_TOPIC?: string;
  /** `https://api.push.apple.com`, or `https://api.sandbox.push.apple.com` for apps that are still being built. */
  readonly APNS_ORIGIN?: string;
  readonly ONESIGNAL_APP_ID?: string;

  // Sources of payments; one without its variables is off.
  /** The app's bundle id and number at the App Store. */
  readonly APPLE_BUNDLE_ID?: string;
  readonly APPLE_APP_ID?: string;
  /** A root beside Apple's own (DER in base64), under which the sandbox signs; refused outside local. */
  readonly APPLE_DESK_ROOT?: string;
  /** The app's name at Google Play, and whom Pub/Sub pushes its notifications for and in whose name. */
  readonly PLAY_PACKAGE_NAME?: string;
  readonly PLAY_PUSH_AUDIENCE?: string;
  readonly PLAY_PUSH_EMAIL?: string;

  // Secrets. Each starts with the name of its environment and an underscore, so that a staging key can't serve production.
  readonly KEY_SEALING_SECRET: string;
  readonly SENDGRID_API_KEY: string;
  readonly SMS_API_KEY: string;
  /** The relay's shared secret (coturn's `static-auth-secret`), behind the prefix. */
  readonly TURN_SECRET: string;
  /** 32 bytes in base64url. */
  readonly VAPID_PRIVATE_KEY?: string;
  /** The text of Apple's `.p8` file, with or without its first and last line. */
  readonly APNS_KEY?: string;
  /** The JSON of Google's service account. */
  readonly FCM_SERVICE_ACCOUNT?: string;
  readonly ONESIGNAL_API_KEY?: string;
  readonly STRIPE_API_KEY?: string;
  /** What Stripe signs webhooks with; several with commas between them while one is replaced by another. */
  readonly STRIPE_WEBHOOK_SECRETS?: string;
  /** What Adapty puts into `Authorization`, and AppHud into `X-Apphud-Token`; two with a comma between them while it is replaced. */
  readonly ADAPTY_WEBHOOK_TOKENS?: string;
  readonly APPHUD_WEBHOOK_TOKENS?: string;
  /** The JSON of the service account that may read purchases at Google Play. */
  readonly PLAY_SERVICE_ACCOUNT?: string;

  readonly DB: D1Database;
  readonly LEDGER_0: D1Database;
  readonly LEDGER_1: D1Database;
  readonly SEALS: R2Bucket;
  /** Photos and other pictures of people. */
  readonly MEDIA: R2Bucket;
  readonly NOTIFICATIONS: Queue<NotificationMessage>;
  readonly WEBHOOKS: Queue<PaymentMessage>;
  readonly CALL_SESSION: Namespace<CallSessionStub>;
  readonly CHAT_ROOM: Namespace<ChatRoomStub>;
  readonly USER_HUB: Namespace<UserHubStub>;
  readonly GALLERY_FEED: Namespace<GalleryFeedStub>;
  readonly PROVIDER_TOKENS: Namespace<ProviderTokensStub>;
  readonly PROVIDER_HEALTH: DurableObjectNamespace;
}
