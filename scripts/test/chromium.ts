/** The browsers of the journeys. */
import { ensure, find, type Program } from './programs.ts';

const chromium: Program = {
  name: 'Chromium',
  package: 'chromium',
  commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  variable: 'CHROMIUM',
};

/** The same engine without the frame of a desktop browser around it; pages cost it two thirds of the processor time. */
const shell: Program = {
  name: 'Chromium’s headless shell',
  package: 'chromium-headless-shell',
  commands: ['chromium-headless-shell', 'chrome-headless-shell'],
  variable: 'CHROMIUM_SHELL',
};

/** Its path, or undefined where there is none. */
export const findChromium = (): string | undefined => find(chromium);

/** What shows pages nobody looks at: the headless shell, or Chromium itself, which a path in `CHROMIUM` asks for. */
export const findForPages = (): string | undefined => (process.env.CHROMIUM ? find(chromium) : (find(shell) ?? find(chromium)));

/**
 * Chromium, which push messages need, and its headless shell where it can be had.
 * @throws Error saying what to install
 */
export function ensureChromium(): string {
  const path = ensure(chromium);
  try {
    if (!process.env.CHROMIUM) ensure(shell);
  } catch {
    console.log('· Chromium shows all pages itself: its headless shell is not to be had here, and would need a third less time.');
  }
  return path;
}
