/** Once somebody is in: tells the server by which campaign, and opens the link that waited. */
import { useEffect } from 'react';
import { LINK_BASE } from '../../../worker/protocol/links.ts';
import { keptLink } from '../../client/arrival.ts';
import { tellCampaigns } from '../../client/campaigns.ts';
import { useSession } from '../session.tsx';

/**
 * @param ready the first visit is over
 * @param opening a link is being opened already, as the page's own address
 */
export function Arrived({ ready, opening, onLink }: { ready: boolean; opening: boolean; onLink: (rest: string) => void }) {
  const { api } = useSession();
  useEffect(() => void tellCampaigns(localStorage, api), [api]);
  // Once, when the moment has come: whoever walks away from a link is not led back to it.
  useEffect(() => {
    const link = ready && !opening ? keptLink(localStorage, Date.now()) : null;
    if (link !== null) onLink(link.slice(LINK_BASE.length));
  }, [ready]);
  return null;
}
