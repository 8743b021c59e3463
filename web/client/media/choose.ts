import type { MediaGrant } from '../../../worker/protocol/call/media.ts';
import type { MediaClient, MediaContext } from './media.ts';

/** The client of the granted provider, fetched now. */
export async function mediaClientFor(grant: MediaGrant, context: MediaContext): Promise<MediaClient> {
  switch (grant.provider) {
    case 'direct': {
      const { DirectMedia } = await import('./direct.ts');
      return new DirectMedia(context);
    }
  }
}
