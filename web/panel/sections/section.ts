/** What a section of the panel is: one folder, and one line in `index.ts`. */
import type { ComponentType } from 'react';
import type { Permission } from '../../../worker/protocol/permissions.ts';
import type panelWords from '../locales/en.json';

export interface PageOf {
  /** As the router reads it: `/calls/$id`. The first page of a section is where its link leads. */
  readonly path: string;
  /** Loaded when it is first opened. */
  readonly load: () => Promise<{ default: ComponentType }>;
}

export interface Section {
  readonly name: keyof typeof panelWords.staff.sections;
  /** Who has it not sees neither the link nor the pages. */
  readonly needs: Permission;
  /** After G it leads here. */
  readonly letter: string;
  readonly pages: readonly [PageOf, ...PageOf[]];
  /** A hook: how much of it staff must look at now; the navigation marks it. */
  readonly useMark?: () => number;
}
