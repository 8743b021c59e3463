/** The plan of the house as data (docs/architecture.md, "Which way imports run"). The rules in `rules.ts` read it. */

/** Domain → tier. A domain imports domains of a lower tier only. */
export const tiers: Readonly<Record<string, number>> = {
  event_log: 0,
  user: 1,
  profile: 1,
  settings: 1,
  blocklist: 1,
  favorites: 1,
  cohorts: 1,
  companions: 1,
  shifts: 1,
  balance: 2,
  billing: 3,
  subscriptions: 3,
  moments: 3,
  agencies: 3,
  pricing: 4,
  earnings: 4,
  payment: 5,
  gift: 5,
  payouts: 5,
  interaction: 5,
  gallery: 6,
  matching: 6,
  activities: 6,
  video: 7,
  chat: 8,
  notification: 9,
  moderation: 9,
  analytics: 9,
  ads: 9,
  reports: 10,
  mission_control: 10,
  timetable: 10,
};

/** The files of a domain that other rooms may import. */
export const doors = ['service.ts', 'rules.ts'];
/** What a domain opens beside those: pure files that are an interface of their own. */
export const moreDoors: Readonly<Record<string, readonly string[]>> = {
  billing: ['meter.ts', 'golden-tariff.ts'],
  notification: ['kinds.ts'],
  pricing: ['port.ts'],
  profile: ['image.ts'],
};

/** Only these may import the modules of `pricing` (`tokens`, `moments`, `subscription`). */
export const pricingRouter = 'worker/domains/pricing/service.ts';

/** Domains that read masked views (`db/views`) and never a table. */
export const viewOnly = ['reports', 'mission_control'];

/** The ledger's tables (`db/migrations/ledger`) and the files that may name them. */
export const ledger = { migrations: 'ledger', store: /^worker\/domains\/balance\/([a-z-]+-)?store\.ts$/ };

/** Where SQL of a domain's tables may stand: `store.ts`, and `reading-store.ts` and the like where one file would grow too long. */
export const storeOf = (domain: string): RegExp => new RegExp(`^worker/domains/${domain}/([a-z-]+-)?store\\.ts$`);

/** Decisions: state in, decision out. They reach no platform, no database, no clock and no chance, not even through others. */
export const pureFiles: readonly RegExp[] = [
  /^worker\/domains\/[^/]+\/(.+\/)?([a-z-]+-)?rules\.ts$/,
  /^worker\/domains\/billing\/meter\.ts$/,
  /^worker\/domains\/pricing\/port\.ts$/,
  /^worker\/domains\/notification\/kinds\.ts$/,
  /^worker\/domains\/chat\/containers\/.+\.ts$/,
  /^worker\/protocol\//,
  /^durable-objects\/[^/]+\/core\//,
  /^durable-objects\/user-hub\/(calls|device|ladder|lock|presence|sequence|topics)\.ts$/,
  /^durable-objects\/gallery-feed\/(feed|rules)\.ts$/,
  /^durable-objects\/provider-tokens\/renewal\.ts$/,
  /^durable-objects\/kit\/(alarms|patience)\.ts$/,
];
export const impurePackages = /^(cloudflare:.*|drizzle-orm|hono|node:.*)$/;

/** Names of folders and files that say nothing about what is in them. */
export const drawers = /^(utils?|helpers?|common|libs?|misc|shared)(\.tsx?)?$/i;
export const secondVersions = /(^|[-_a-z])V2$|^v2$/;

/** Room of the web → rooms of the web it may import beside itself. */
export const webRooms: Readonly<Record<string, readonly string[]>> = {
  client: [],
  ui: ['client'],
  app: ['ui', 'client'],
  portal: ['ui', 'client'],
  panel: ['ui', 'client'],
  functions: [],
};

/** Tests, and what only they import (`*.workers.ts`), may look behind any door. */
export const isTest = (path: string): boolean => /\.(test|workers)\.tsx?$/.test(path) || path.startsWith('tests/');
