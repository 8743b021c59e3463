/**
 * A plain socket.io room as its documentation builds one: rooms, an acknowledgement for each message, connection state
 * recovery. `node bench/peers/socketio.ts <port> [<database>]`; with a database each message is stored before it is
 * told, with a full sync, and a repeated id is not stored again (the tutorial's "server delivery" and "client delivery").
 * Prints `ready` once it listens.
 */
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { Server, type Socket } from 'socket.io';
import { HOST } from '../../scripts/stack/ports.ts';

export interface PeerMessage {
  readonly id: string;
  readonly text: string;
}

const [port, file] = process.argv.slice(2);
const http = createServer();
const io = new Server(http, { connectionStateRecovery: {}, transports: ['websocket'], serveClient: false });
const keep = file === undefined ? undefined : keeper(file);

io.on('connection', (socket: Socket) => {
  const room = String(socket.handshake.auth.room);
  if (!socket.recovered) socket.join(room);
  socket.on('message', (message: PeerMessage, acknowledge: () => void) => {
    if (keep === undefined || keep(room, message)) io.to(room).emit('message', message);
    acknowledge();
  });
});
http.listen(Number(port), HOST, () => console.log('ready'));

/** Stores a message; false where it is there already. */
function keeper(path: string): (room: string, message: PeerMessage) => boolean {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS message (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, room TEXT, text TEXT)`);
  const insert = db.prepare('INSERT INTO message (id, room, text) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING');
  return (room, { id, text }) => insert.run(id, room, text).changes === 1;
}
