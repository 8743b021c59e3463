/** The browser of the journeys. */
import { ensure, find, type Program } from './programs.ts';

const chromium: Program = {
  name: 'Chromium',
  package: 'chromium',
  commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  variable: 'CHROMIUM',
};

/** Its path, or undefined where there is none. */
export const findChromium = (): string | undefined => find(chromium);

/** @throws Error saying what to install */
export const ensureChromium = (): string => ensure(chromium);
