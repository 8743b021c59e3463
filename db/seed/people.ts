/** The people of the local demo (contract.md, "Local demo data"). */
import type { CallMedia } from '../../worker/protocol/call/call.ts';
import type { WorkingHours } from '../../worker/protocol/http/work.ts';
import type { Unit } from '../../worker/protocol/money.ts';
import type { MonetizationVersion, Role } from '../../worker/protocol/people.ts';

export interface DemoPerson {
  /** Sign-in is `<name>@demo.test`; the seed's posting is `seed:<name>`. */
  readonly name: string;
  readonly role: Role;
  readonly displayName: string;
  readonly about: string;
  readonly languages: readonly string[];
  readonly skills: readonly string[];
  readonly gender: string | null;
  readonly ageBand: '18-29' | '30-44' | '45-59' | '60-74' | '75+' | null;
  readonly monetizationVersion?: MonetizationVersion;
  /** A subscription that runs for a year. */
  readonly plan?: string;
  /** Ada and Grace live apart, so that the everyday call crosses shards; Dora and Hugo share one. Others: spread by id. */
  readonly ledgerShard?: number;
  readonly balance?: { readonly unit: Unit; readonly amount: number };
  readonly companion?: { readonly media: readonly CallMedia[]; readonly tier: string; readonly hours: WorkingHours };
}

/** The same hours on each of these weekdays, 1 is Monday. */
const hours = (timeZone: string, weekdays: readonly number[], from: string, to: string): WorkingHours => ({
  timeZone,
  items: weekdays.map((weekday) => ({ weekday, from, to })),
});

const staff = (name: string, role: Role, displayName: string, about: string): DemoPerson => ({
  name,
  role,
  displayName,
  about,
  languages: ['en'],
  skills: [],
  gender: null,
  ageBand: null,
});

export const demoPeople: readonly DemoPerson[] = [
  {
    name: 'ada',
    role: 'member',
    displayName: 'Ada',
    about: 'Retired teacher. I grow tomatoes on the balcony and I never say no to a crossword.',
    languages: ['en', 'fr'],
    skills: ['Nature, gardening and pets', 'Games and brain teasers'],
    gender: 'woman',
    ageBand: '75+',
    monetizationVersion: 'tokens',
    ledgerShard: 0,
    balance: { unit: 'COIN', amount: 500 },
  },
  {
    name: 'ben',
    role: 'member',
    displayName: 'Ben',
    about: 'Sailed the Baltic for thirty years; now I sail my armchair and would like company.',
    languages: ['en', 'de'],
    skills: ['Travel and languages', 'Life stories and memories'],
    gender: 'man',
    ageBand: '60-74',
    monetizationVersion: 'subscription',
    plan: 'plus',
  },
  {
    name: 'cora',
    role: 'member',
    displayName: 'Cora',
    about: 'Choir on Tuesdays, grandchildren on Sundays, quiet in between.',
    languages: ['en', 'es'],
    skills: ['Music and singing', 'Family and relationships'],
    gender: 'woman',
    ageBand: '60-74',
    monetizationVersion: 'moments',
    balance: { unit: 'MOMENT', amount: 5 },
  },
  {
    name: 'dora',
    role: 'member',
    displayName: 'Dora',
    about: 'I like short talks over the first coffee of the day.',
    languages: ['en', 'fi'],
    skills: ['Everyday talk and company', 'Cooking and home'],
    gender: 'woman',
    ageBand: '75+',
    monetizationVersion: 'tokens',
    ledgerShard: 1,
    balance: { unit: 'COIN', amount: 60 },
  },
  {
    name: 'grace',
    role: 'companion',
    displayName: 'Grace',
    about: 'Former nurse and a good listener. We can talk about your day, or about the garden you had as a child.',
    languages: ['en', 'fr'],
    skills: ['Everyday talk and company', 'Life stories and memories', 'Nature, gardening and pets'],
    gender: 'woman',
    ageBand: '45-59',
    ledgerShard: 1,
    companion: { media: ['audio', 'video'], tier: 'standard', hours: hours('Europe/London', [1, 2, 3, 4, 5], '09:00', '18:00') },
  },
  {
    name: 'hugo',
    role: 'companion',
    displayName: 'Hugo',
    about: 'Music teacher. Sing with me, quiz me, or tell me about the concert you will never forget.',
    languages: ['en', 'de', 'fi'],
    skills: ['Music and singing', 'Books, news and culture', 'Games and brain teasers'],
    gender: 'man',
    ageBand: '30-44',
    ledgerShard: 1,
    companion: { media: ['audio', 'video'], tier: 'standard', hours: hours('Europe/Berlin', [2, 3, 4, 5, 6, 7], '15:00', '23:00') },
  },
  {
    name: 'iris',
    role: 'companion',
    displayName: 'Iris',
    about: 'I help with phones and tablets without hurry, and I love to hear where you have travelled.',
    languages: ['en', 'es'],
    skills: ['Technology help and staying safe online', 'Travel and languages'],
    gender: 'woman',
    ageBand: '18-29',
    companion: { media: ['audio', 'video'], tier: 'plus', hours: hours('Europe/Lisbon', [1, 2, 3, 6, 7], '20:00', '03:00') },
  },
  staff('sam', 'supervisor', 'Sam', 'Looks after the companions and their shifts.'),
  staff('alex', 'admin', 'Alex', 'Looks after tariffs, settings and balances.'),
  staff('root', 'superadmin', 'Root', 'Keeps the keys of the house.'),
];
