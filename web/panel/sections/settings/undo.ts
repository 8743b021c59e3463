/** What each setting was before it was changed on this page, for as long as the page is open. */
export const undone = new Map<string, unknown>();
