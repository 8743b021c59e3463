/** The browser's own sockets. Apart from the machine that uses them, which comes later. */
import type { RawSocket, SocketOptions } from './socket.ts';

/** Opens sockets of the page's own origin (or another), for `SocketOptions.open`. */
export function browserSockets(origin: string): SocketOptions['open'] {
  const base = origin.replace(/^http/, 'ws');
  return (path, protocols) => new WebSocket(base + path, protocols) as unknown as RawSocket;
}
