/** Adding to what one has while a call runs, or right after it ended for want of it. Each app brings its own way, or none. */
import { createContext, type ReactNode } from 'react';
import type { CallId } from '../../../worker/protocol/ids.ts';

export interface AddingProps {
  readonly callId: CallId;
  /** Takes it away; left out where it stands on the page itself. */
  readonly onClose?: () => void;
}

export const AddingContext = createContext<((props: AddingProps) => ReactNode) | null>(null);
