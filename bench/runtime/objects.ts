/** The bare objects that ours are measured against: one only echoes, one only broadcasts, one only wakes. */
import { DurableObject } from 'cloudflare:workers';

/** Sends every frame back. Hibernating sockets, as ours. */
export class BareEcho extends DurableObject {
  override fetch(request: Request): Response {
    if (request.headers.get('Upgrade') !== 'websocket') return new Response('echo');
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    socket.send(message);
  }
}

/** Sends every frame to all of its sockets, and stores nothing. */
export class BareBroadcast extends DurableObject {
  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(_socket: WebSocket, message: string | ArrayBuffer): void {
    for (const socket of this.ctx.getWebSockets()) socket.send(message);
  }
}

/** How late each alarm was, ms; of all timers of this isolate since they were last asked. */
const late: number[] = [];

/** Fires when it is told to, and does nothing else. */
export class BareTimer extends DurableObject {
  async schedule(at: number): Promise<void> {
    await this.ctx.storage.put('at', at);
    await this.ctx.storage.setAlarm(at);
  }

  override async alarm(): Promise<void> {
    const now = Date.now();
    late.push(now - ((await this.ctx.storage.get<number>('at')) ?? now));
  }
}

export const takeLateness = (): number[] => late.splice(0);
