/** Tells the server by which campaigns somebody came, once they are signed in. */
import * as z from 'zod/mini';
import { keepCampaign, touch } from '../../worker/protocol/http/links.ts';
import { parseLink } from '../../worker/protocol/links.ts';
import type { Api } from './api.ts';
import { forgetTouches, keptTouches } from './arrival.ts';
import { isProblem } from './problem.ts';
import type { Shelf } from './shelf.ts';

/** What the server took, or never will, is forgotten here; where it did not answer, the next visit tells it. */
export async function tellCampaigns(shelf: Shelf, api: Api): Promise<void> {
  const kept = keptTouches(shelf);
  const touches = kept.flatMap((each) => {
    const { path, ...seen } = each;
    // What an older page or another hand put on the shelf is not for the server.
    const told = z.safeParse(touch, { ...seen, landing: parseLink(String(path)).target?.kind ?? null });
    return told.success ? [told.data] : [];
  });
  try {
    if (touches.length > 0) await api.call(keepCampaign, { body: { touches } });
  } catch (thrown) {
    if (!isProblem(thrown, 'validation_failed')) return;
  }
  forgetTouches(shelf, kept);
}
