/**
 * A plain partyserver room as its chat examples build one: hibernating sockets, every message broadcast to all and stored
 * in the object's SQLite, the whole conversation sent to whoever comes. What a sender hears of its own message is its
 * acknowledgement.
 */
import { type Connection, Server, type WSMessage } from 'partyserver';

export interface PartyMessage {
  readonly type: 'add';
  readonly id: string;
  readonly text: string;
}
export type PartyFrame = PartyMessage | { readonly type: 'all'; readonly messages: readonly Omit<PartyMessage, 'type'>[] };

export class PartyRoom extends Server {
  static override options = { hibernate: true };

  override onStart(): void {
    this.ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, text TEXT)');
  }

  override onConnect(connection: Connection): void {
    const messages = this.ctx.storage.sql.exec<{ id: string; text: string }>('SELECT id, text FROM messages').toArray();
    connection.send(JSON.stringify({ type: 'all', messages } satisfies PartyFrame));
  }

  override onMessage(_connection: Connection, message: WSMessage): void {
    this.broadcast(message);
    const { id, text } = JSON.parse(String(message)) as PartyMessage;
    this.ctx.storage.sql.exec(
      'INSERT INTO messages (id, text) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text',
      id,
      text,
    );
  }
}
