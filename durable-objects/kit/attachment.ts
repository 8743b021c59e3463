/** What a hibernating socket remembers: typed, validated when read, and within the platform's limit. */
import * as z from 'zod/mini';

/** The platform's limit for one socket's attachment. */
export const MAX_ATTACHMENT_BYTES = 16 * 1024;

export interface Attachment<T> {
  /** @throws Error when it is larger than the platform keeps */
  write(socket: WebSocket, value: T): void;
  /** Null for a socket without one, or with one that other code wrote. */
  read(socket: WebSocket): T | null;
}

export function attachmentOf<S extends z.ZodMiniType>(schema: S): Attachment<z.infer<S>> {
  return {
    write(socket, value) {
      const size = new TextEncoder().encode(JSON.stringify(value)).byteLength;
      if (size > MAX_ATTACHMENT_BYTES) throw new Error(`a socket attachment of ${size} bytes is too large`);
      socket.serializeAttachment(value);
    },
    read(socket) {
      const result = z.safeParse(schema, socket.deserializeAttachment());
      return result.success ? result.data : null;
    },
  };
}
