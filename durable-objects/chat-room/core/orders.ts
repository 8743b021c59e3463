/** Everything that can be asked of a conversation. */
import type { MessageTerms } from '../../../worker/domains/pricing/port.ts';
import type { HousePost } from '../../../worker/platform/stubs.ts';
import type { MediaState, MessageMedia, SentMessage } from '../../../worker/protocol/chat/message.ts';
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import type { ChatMediaId, MessageId, UserId } from '../../../worker/protocol/ids.ts';
import type { Intent } from './state.ts';

export interface SendOrder {
  readonly type: 'send';
  readonly by: UserId;
  readonly sent: SentMessage;
  /** The medium it names, where that is the sender's own, uploaded for this conversation; null otherwise. */
  readonly media: MessageMedia | null;
  /** What the member's messages come to now; null: nothing. */
  readonly terms: MessageTerms | null;
}

/** A message without a place gets one, its price being posted, or loses its chance. */
export interface SettleOrder {
  readonly type: 'settle';
  readonly intent: Intent;
  readonly outcome:
    | { readonly is: 'paid' }
    | { readonly is: 'dropped'; readonly code: ErrorCode; readonly detail: string; readonly givenUp: boolean };
}

export type PostOrder = {
  readonly type: 'post';
  /** Names it for good among what the house says here. */
  readonly key: string;
  readonly sender: UserId | null;
  readonly automatic: boolean;
} & HousePost;

export interface EditOrder {
  readonly type: 'edit';
  readonly by: UserId;
  readonly messageId: MessageId;
  readonly text: string;
}

export interface DeleteOrder {
  readonly type: 'delete';
  /** Null: the house. */
  readonly by: UserId | null;
  readonly messageId: MessageId;
}

export interface ReactOrder {
  readonly type: 'react';
  readonly by: UserId;
  readonly messageId: MessageId;
  readonly emoji: string | null;
}

/** All that somebody's devices have said in one tick of what they have and have seen. */
export interface MarkOrder {
  readonly type: 'mark';
  readonly by: UserId;
  readonly delivered: number;
  readonly read: number;
}

export interface MediaOrder {
  readonly type: 'media';
  readonly mediaId: ChatMediaId;
  readonly state: Exclude<MediaState, 'pending'>;
}

export type Order = SendOrder | SettleOrder | PostOrder | EditOrder | DeleteOrder | ReactOrder | MarkOrder | MediaOrder;
