/** Every section, in the order of the navigation. A new one is its folder and its line here. */
import type { Permission } from '../../../worker/protocol/permissions.ts';
import { approvals } from './approvals/index.ts';
import { audit } from './audit/index.ts';
import { calls } from './calls/index.ts';
import { ledger } from './ledger/index.ts';
import { notices } from './notices/index.ts';
import { payments } from './payments/index.ts';
import { people } from './people/index.ts';
import type { Section } from './section.ts';
import { settings } from './settings/index.ts';
import { shop } from './shop/index.ts';
import { tariffs } from './tariffs/index.ts';
import { timetable } from './timetable/index.ts';

const sections: readonly Section[] = [calls, people, tariffs, shop, payments, notices, approvals, ledger, settings, timetable, audit];

/** Those that a person with these permissions may open. */
export const sectionsFor = (permissions: readonly Permission[]) => sections.filter(({ needs }) => permissions.includes(needs));
