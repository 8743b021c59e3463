/**
 * Which advertisement or mail somebody came by: the parameters that links carry for it, told apart from everything else in
 * an address. Bounded, cleaned, and without what could name a person; the same for links, web apps and the server.
 */

/** Who named the campaign: free words. */
export const utmNames = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'utm_id'] as const;
/** What an advertising network put on a click: an id that only it can read. */
export const clickIdNames = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'ScCid',
  'ttclid',
  'msclkid',
  'twclid',
  'li_fat_id',
  'epik',
  'rdt_cid',
] as const;
export const campaignNames = [...utmNames, ...clickIdNames] as const;
export type CampaignName = (typeof campaignNames)[number];
export type Campaign = { readonly [Name in CampaignName]?: string };

/** Characters of a word; more is cut off. */
export const MOST_UTM = 100;
/** Characters of a click id; half of one is worth nothing, so a longer one is left out. */
export const MOST_CLICK_ID = 500;

const nameOf = new Map<string, CampaignName>(campaignNames.map((name) => [name.toLowerCase(), name]));
const isUtm = (name: CampaignName): boolean => utmNames.some((each) => each === name);

/** An address or a telephone number: some mailings put the reader's own into their links. */
const namesAPerson = (text: string): boolean => /@|%40/i.test(text) || /^[+0][\d\s()/-]{6,}$/.test(text);

function cleanValue(name: CampaignName, value: string): string | null {
  if (!isUtm(name)) return value.length <= MOST_CLICK_ID && /^[\w.~-]+$/.test(value) ? value : null;
  // Also what only turns the direction of writing, and halves of a character.
  const text = [...value.replace(/[\p{C}\s]+/gu, ' ').trim()].slice(0, MOST_UTM).join('').trim();
  return text === '' || namesAPerson(text) ? null : text;
}

/** The parameters among `pairs` that tell of a campaign; of a name that comes twice the first counts. */
export function campaignOf(pairs: Iterable<readonly [name: string, value: string | undefined]>): Campaign {
  const found: { -readonly [Name in CampaignName]?: string } = {};
  for (const [raw, value] of pairs) {
    const name = nameOf.get(raw.toLowerCase());
    if (!name || value === undefined || found[name] !== undefined) continue;
    const clean = cleanValue(name, value);
    if (clean !== null) found[name] = clean;
  }
  return found;
}

/** A query string cut in two: what tells of a campaign, and all the rest as it was (without `?`). */
export function withoutCampaign(search: string): { campaign: Campaign; rest: string } {
  const pairs = [...new URLSearchParams(search)];
  const rest = new URLSearchParams(pairs.filter(([name]) => !nameOf.has(name.toLowerCase())));
  return { campaign: campaignOf(pairs), rest: rest.toString() };
}

export const isEmptyCampaign = (campaign: Campaign): boolean => Object.keys(campaign).length === 0;
