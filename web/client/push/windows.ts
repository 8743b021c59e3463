/** The open pages of one app: the members' app and the companions' portal share an origin. */

/** Where an app lives on its origin, without the slash at its end. */
export type AppBase = '' | '/portal';

/** Whether the page at this address is one of the app at `base`. */
export function isPageOf(base: AppBase, address: string): boolean {
  const { pathname } = new URL(address);
  const inPortal = pathname === '/portal' || pathname.startsWith('/portal/');
  return inPortal === (base === '/portal');
}
