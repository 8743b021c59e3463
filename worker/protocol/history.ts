/**
 * Every wire there has been, newest last. `version.test.ts` compares the schemas with the last entry's hash. Clients of
 * an older entry must still be understood, down to `MINIMUM_VERSION`: so fields are added as optional, and nothing that
 * an older client sends is refused.
 */
export interface WireVersion {
  readonly version: number;
  /** SHA-256 over all schemas as JSON Schema, in the first 16 hexadecimal digits. */
  readonly hash: string;
  /** What changed for a client, in a sentence. */
  readonly change: string;
}

export const history: readonly WireVersion[] = [
  { version: 1, hash: '4e8d13ff301e7242', change: 'The first wire: sign-in, profile, balance, gallery, calls, tariffs, settings, books.' },
  {
    version: 2,
    hash: '8bb9822ce7ca22fb',
    change:
      'Staff see every call and stop one, find people and sign them out, replay and retire tariffs, and learn of edits they crossed. Members get comfort, photos, ratings, missed calls and stories; companions breaks, hours and explained earnings.',
  },
  {
    version: 3,
    hash: '0e2ee5eb0877a253',
    change: 'A public profile says how the name is pronounced; `call.state` says how often to ping.',
  },
  { version: 4, hash: 'dfc9d9f5f6f3cf96', change: 'Staff read one version of a tariff by its id.' },
  {
    version: 5,
    hash: '02ff0a8b1793cf55',
    change:
      'Companions keep notes about members and leave a hand-over; conversations are answered at a desk: lists, taking, handing on, replies that are ready. The error `taken`.',
  },
  {
    version: 6,
    hash: '946dbf5bf703ff9f',
    change:
      'Conversations have a socket: messages, edits, deletions, reactions, watermarks in a gap-free sequence, with a place for what is hidden. The hub tells of them by `chat.event`.',
  },
  {
    version: 7,
    hash: '49c38587c64ca09a',
    change:
      'Conversations over HTTP: list, events, sending, search, favourites, drafts and pins, uploads, reports. Members keep favourite people. Staff read cases, decide on media, and keep rules that open conversations.',
  },
  { version: 8, hash: '4c1210e33ee848dc', change: 'A reaction is one emoji and nothing behind it; flags and keys are emoji too.' },
  { version: 9, hash: 'aba40981039eb2cb', change: 'Messages over HTTP may be `rate_limited`, as on the socket.' },
  {
    version: 10,
    hash: 'b07913d2f94f9d7f',
    change: 'The hub says how many notifications are unread by `inbox.changed`; staff may hold the permissions of notifications.',
  },
  {
    version: 11,
    hash: '5e58294777096476',
    change: 'Devices register for push messages (`/me/push-devices`), and read which channels are on (`/push/config`).',
  },
  {
    version: 12,
    hash: '44f23f5c6ecf26fa',
    change:
      'Links into the apps are resolved for whoever opens them, and wait for a sign-up under a short code; campaigns are told and forgotten.',
  },
  {
    version: 13,
    hash: '9d30d875a7ef7a80',
    change: 'Staff read, draft, preview, publish and retire the words of notifications (`/admin/notification-templates`).',
  },
  {
    version: 14,
    hash: '5f1c8fe4e7750676',
    change: 'Staff look at scheduled jobs and their runs, change when they run, and run one now (`/admin/jobs`). The error `job_running`.',
  },
  {
    version: 15,
    hash: 'c0a38744840028d1',
    change:
      'Receipts say what a checkpoint took and that an allowance or a piece of company paid it; quotes say what is included; `GET /me/means`.',
  },
  {
    version: 16,
    hash: 'aff5cc0bf8718a74',
    change:
      'Everybody has an inbox and settings for how they are told; `hello` says how the inbox stands. Staff see what left the app, put back what was given up, and announce.',
  },
  {
    version: 17,
    hash: 'f2cd716fab46b36e',
    change: 'SendGrid tells what became of mails (`/webhooks/sendgrid`); readers stop mails like one and take it back (`/mail/stop`).',
  },
  { version: 18, hash: 'a8f8831664257b48', change: 'An announcement leads only where the link grammar does.' },
  {
    version: 19,
    hash: '7e389707e5b6a093',
    change: 'The name of a job in an address has the shape of one.',
  },
  {
    version: 20,
    hash: 'f726aa8ebb3bce2e',
    change: 'Notification settings say how mail stands; deliveries say the mail service’s newest word.',
  },
  {
    version: 21,
    hash: '2cd4748b05dddeeb',
    change: 'Members read what is sold (`/shop`) and paywalls; staff keep products, prices, plans and paywalls. The error `price_gone`.',
  },
  {
    version: 22,
    hash: '518621fb897208fb',
    change: 'Quotes say what pays, in order: an allowance, a piece of company, moments, coins.',
  },
  {
    version: 23,
    hash: 'e36ec12a5f34bed6',
    change:
      'Sources of payments tell what happened (`/webhooks/:source`), apps send purchases (`/purchases/apple`, `/purchases/google`); `GET /me/purchases`. Staff look at payment events, replay them, and move names of customers.',
  },
  {
    version: 24,
    hash: 'dff43c21c4ddc2d9',
    change:
      'Members buy on the web: Checkout, saved cards, automatic top-up, and their own limits (`/shop/…`). Receipts are told; a group `purchases`. The errors `spending_limit`, `spending_paused`, `payment_declined`, `no_card`.',
  },
  {
    version: 25,
    hash: 'c9f05168a77e26a3',
    change:
      'Staff refund payments, with a second person above the limit (`/admin/payments/:id/refund`, `/admin/refunds`), and read reconciled days (`/admin/reconciliation`). A case may have been raised by nobody. The error `not_refundable`.',
  },
  {
    version: 26,
    hash: 'b42f0bab151baab0',
    change: 'Members see their plan, change it, end it and let it go on (`/shop/plan`). The errors `plan_running`, `no_plan`.',
  },
  {
    version: 27,
    hash: '72566803a52b544f',
    change: 'Staff move members between pricing models (`/admin/people/:id/version-move`); the permission `members.move`.',
  },
  {
    version: 28,
    hash: 'dd5625c2abeee10d',
    change:
      'Members say of a purchase that it is wrong (`POST /me/purchases/:id/complaints`), and read what they said (`GET /me/purchase-complaints`).',
  },
  {
    version: 29,
    hash: 'fcf166fb104709ea',
    change: '`GET /people/:id` tells the price of a call by video beside that by voice (`videoPrice`).',
  },
  {
    version: 30,
    hash: '2ec9eccd692661be',
    change: 'A payment event is replayed for somebody whom staff name, where nobody or more than one is known by its names.',
  },
  {
    version: 31,
    hash: 'ccfde97c4e8b3281',
    change:
      'Staff look at payments, see what a refund would do before they order it, and read what a person pays by (`/admin/payments`, `/admin/people/:id/wallet`). A refund says whose it is.',
  },
  {
    version: 32,
    hash: 'f59d73d4a4b4f04b',
    change: 'A line of a receipt says how much there was of what it took (`had`).',
  },
  {
    version: 33,
    hash: '047c2ec269190393',
    change: 'Staff who change a plan say which they saw (`seenChangedAt`); one that was changed since is answered `version_conflict`.',
  },
  {
    version: 34,
    hash: '1a7832a6e9eefef1',
    change:
      'What a source of payments told, word for word, and the names in it are a read of their own, which is audited (`GET /admin/payment-events/:id/raw`); `GET /admin/payment-events/:id` answers them no more.',
  },
  {
    version: 35,
    hash: 'c1b585a8b55d77e0',
    change:
      'Staff see what holds mail back from somebody (`/admin/people/:id/mail`), and have an address tried again that mail came back from; the permission `mail.lift`.',
  },
];
