/** The only SQL over a conversation's tables. Every method is one synchronous step. */
import type { ChatClosed, ChatPerson } from '../../worker/platform/stubs.ts';
import type { MediaState, Message } from '../../worker/protocol/chat/message.ts';
import type { ChatId, ChatMediaId, MessageId, UserId } from '../../worker/protocol/ids.ts';
import { toTimestamp } from '../../worker/protocol/time.ts';
import type { Migration } from '../kit/migrations.ts';
import { migrate } from '../kit/migrations.ts';
import { hiddenEvent, type WireEvent } from './core/resuming.ts';
import type { Intent, KnownMedium, Marks, Person, Placed, Room, Shelf, Waiting, Write } from './core/state.ts';
import { matchOf, wordsOf } from './core/words.ts';
import { tables } from './tables.ts';

/** What the hub of a person has heard of the conversation, so that it hears only what is new. */
export interface Told {
  readonly lastMessage: number;
  readonly read: number;
  readonly unread: number;
}

/** An intent and how its charge has fared. */
export interface OpenIntent extends Intent {
  readonly tries: number;
  /** ms since the epoch. */
  readonly dueAt: number;
}

/** Unread messages are counted up to here. */
export const MAX_UNREAD = 1_000;

export class RoomStore implements Shelf {
  readonly #sql: SqlStorage;
  /** Rows of two tables that are empty nearly always: what is empty need not be asked. Null: not counted yet. */
  #rows: { intents: number; givenUp: number } | null = null;

  constructor(storage: DurableObjectStorage, migrations: readonly Migration[] = tables) {
    migrate(storage, migrations);
    this.#sql = storage.sql;
  }

  /** After a transaction was undone: what is remembered of its writes is forgotten. */
  recall(): void {
    this.#rows = null;
  }

  // ── the room ────────────────────────────────────────────────────────────────────────────────────────────

  /** The room as it stands; null for an object that holds none. */
  room(): Room | null {
    const [row] = this.#sql.exec('SELECT chat_id, epoch, closed, waiting_seq, waiting_at FROM room').toArray();
    if (!row) return null;
    const message = this.#sql.exec('SELECT seq, at FROM message ORDER BY seq DESC LIMIT 1').toArray()[0];
    const mark = this.#sql.exec('SELECT seq, at FROM mark ORDER BY seq DESC LIMIT 1').toArray()[0];
    return {
      chatId: row.chat_id as ChatId,
      epoch: String(row.epoch),
      lastSeq: Math.max(Number(message?.seq ?? 0), Number(mark?.seq ?? 0)),
      lastAt: Math.max(Number(message?.at ?? 0), Number(mark?.at ?? 0)),
      lastMessageSeq: Number(message?.seq ?? 0),
      waiting: row.waiting_seq === null ? null : { seq: Number(row.waiting_seq), at: Number(row.waiting_at) },
      closed: row.closed as ChatClosed,
      people: this.people(),
    };
  }

  begin(chatId: ChatId, epoch: string): void {
    this.#sql.exec('INSERT INTO room (one, chat_id, epoch) VALUES (1, ?, ?)', chatId, epoch);
  }

  setClosed(closed: ChatClosed): void {
    this.#sql.exec('UPDATE room SET closed = ?', closed);
  }

  setWaiting(waiting: Waiting | null): void {
    this.#sql.exec('UPDATE room SET waiting_seq = ?, waiting_at = ?', waiting?.seq ?? null, waiting?.at ?? null);
  }

  people(): Person[] {
    return this.#sql
      .exec('SELECT user_id, role, ledger_shard, from_seq, came_at, left_at FROM person ORDER BY n')
      .toArray()
      .map((row) => ({
        userId: row.user_id as UserId,
        role: row.role as Person['role'],
        ledgerShard: Number(row.ledger_shard),
        fromSeq: Number(row.from_seq),
        cameAt: Number(row.came_at),
        leftAt: row.left_at as number | null,
      }));
  }

  /** Lets somebody in; whoever was here before begins anew. */
  letIn(person: ChatPerson, fromSeq: number, now: number): void {
    this.#sql.exec(
      `INSERT INTO person (user_id, role, ledger_shard, from_seq, came_at) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (user_id) DO UPDATE SET role = ?2, ledger_shard = ?3, from_seq = ?4, came_at = ?5, left_at = NULL`,
      person.userId,
      person.role,
      person.ledgerShard,
      fromSeq,
      now,
    );
  }

  letGo(userId: UserId, now: number): void {
    this.#sql.exec('UPDATE person SET left_at = ? WHERE user_id = ?', now, userId);
  }

  // ── what decisions look up ──────────────────────────────────────────────────────────────────────────────

  placed(author: string, name: string): Placed | null {
    const [row] = this.#sql.exec('SELECT seq, id, fingerprint FROM message WHERE author = ? AND name = ?', author, name).toArray();
    return row ? { id: row.id as MessageId, seq: Number(row.seq), fingerprint: String(row.fingerprint) } : null;
  }

  message(id: MessageId): Message | null {
    const [row] = this.#sql.exec('SELECT body FROM message WHERE id = ?', id).toArray();
    return row ? (JSON.parse(String(row.body)) as Message) : null;
  }

  intent(sender: UserId, clientId: string): Intent | null {
    if (this.#counts().intents === 0) return null;
    const [row] = this.#sql.exec('SELECT * FROM intent WHERE sender = ? AND client_id = ?', sender, clientId).toArray();
    return row ? intentOf(row) : null;
  }

  intents(sender: UserId): number {
    if (this.#counts().intents === 0) return 0;
    return Number(this.#sql.exec('SELECT count(*) AS n FROM intent WHERE sender = ?', sender).one().n);
  }

  givenUp(sender: UserId, clientId: string): boolean {
    if (this.#counts().givenUp === 0) return false;
    return this.#sql.exec('SELECT 1 FROM given_up WHERE sender = ? AND client_id = ?', sender, clientId).toArray().length > 0;
  }

  sentBy(author: UserId, most: number): number {
    return Number(this.#sql.exec('SELECT count(*) AS n FROM (SELECT 1 FROM message WHERE author = ? LIMIT ?)', author, most).one().n);
  }

  marks(userId: UserId): Marks {
    const [row] = this.#sql.exec('SELECT delivered, read FROM person WHERE user_id = ?', userId).toArray();
    return { delivered: Number(row?.delivered ?? 0), read: Number(row?.read ?? 0) };
  }

  lastOfOthers(userId: UserId, after: number, upTo: number): number | null {
    const [row] = this.#sql
      .exec('SELECT seq FROM message WHERE seq > ? AND seq <= ? AND sender IS NOT ? ORDER BY seq DESC LIMIT 1', after, upTo, userId)
      .toArray();
    return row ? Number(row.seq) : null;
  }

  media(id: ChatMediaId): KnownMedium | null {
    const [row] = this.#sql.exec('SELECT author, name, state FROM medium WHERE media_id = ?', id).toArray();
    if (!row) return null;
    return {
      usedBy: row.author === null ? null : { author: String(row.author), name: String(row.name) },
      state: row.state as MediaState | null,
    };
  }

  #counts(): { intents: number; givenUp: number } {
    this.#rows ??= {
      intents: Number(this.#sql.exec('SELECT count(*) AS n FROM intent').one().n),
      givenUp: Number(this.#sql.exec('SELECT count(*) AS n FROM given_up').one().n),
    };
    return this.#rows;
  }

  // ── what decisions write ────────────────────────────────────────────────────────────────────────────────

  /** @returns the event it is, ready for the wire; null for what is no event */
  write(write: Write, now: number): WireEvent | null {
    switch (write.kind) {
      case 'message': {
        const { seq, at, sender, id } = write.message;
        const body = JSON.stringify(write.message);
        this.#sql.exec(
          'INSERT INTO message (seq, at, sender, author, name, fingerprint, id, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          seq,
          Date.parse(at),
          sender,
          write.author,
          write.name,
          write.fingerprint,
          id,
          body,
        );
        return { seq, about: null, at, text: messageEvent(seq, at, body) };
      }
      case 'mark': {
        const { seq, at, type } = write.event;
        const text = JSON.stringify(write.event);
        this.#sql.exec(
          'INSERT INTO mark (seq, at, type, about, body) VALUES (?, ?, ?, ?, ?)',
          seq,
          Date.parse(at),
          type,
          write.about,
          text,
        );
        return { seq, about: write.about, at, text };
      }
      case 'revise':
        this.#revise(write.message);
        return null;
      case 'forget edits':
        this.#forgetEdits(write.about);
        return null;
      case 'marks':
        this.#sql.exec(
          'UPDATE person SET delivered = ?, read = ? WHERE user_id = ?',
          write.marks.delivered,
          write.marks.read,
          write.userId,
        );
        return null;
      case 'intent': {
        const { sender, clientId } = write.intent;
        this.#sql.exec(
          'INSERT INTO intent (sender, client_id, body, due_at) VALUES (?, ?, ?, ?)',
          sender,
          clientId,
          JSON.stringify(write.intent),
          now,
        );
        this.#counts().intents += 1;
        return null;
      }
      case 'intent gone':
        this.#counts().intents -=
          this.#sql.exec('DELETE FROM intent WHERE sender = ? AND client_id = ?', write.sender, write.clientId).rowsWritten > 0 ? 1 : 0;
        if (write.givenUp) {
          this.#sql.exec('INSERT INTO given_up (sender, client_id) VALUES (?, ?) ON CONFLICT DO NOTHING', write.sender, write.clientId);
          this.#counts().givenUp += 1;
        }
        return null;
      case 'medium':
        this.#sql.exec(
          `INSERT INTO medium (media_id, author, name, state) VALUES (?1, ?2, ?3, ?4)
           ON CONFLICT (media_id) DO UPDATE SET author = ?2, name = ?3, state = ?4`,
          write.mediaId,
          write.usedBy?.author ?? null,
          write.usedBy?.name ?? null,
          write.state,
        );
        return null;
      case 'drop medium':
        this.#sql.exec('UPDATE medium SET dropped = 1 WHERE media_id = ?', write.mediaId);
        return null;
    }
  }

  /** A message as it stands now; the index of words follows at once where it has it already. */
  #revise(message: Message): void {
    this.#sql.exec('UPDATE message SET body = ? WHERE seq = ?', JSON.stringify(message), message.seq);
    if (message.seq > this.#searchable()) return;
    this.#sql.exec('DELETE FROM words WHERE rowid = ?', message.seq);
    this.#index(message);
  }

  #forgetEdits(about: number): void {
    const edits = this.#sql.exec("SELECT seq, at FROM mark WHERE about = ? AND type = 'edited'", about).toArray();
    for (const { seq, at } of edits)
      this.#sql.exec(
        "UPDATE mark SET type = 'hidden', body = ? WHERE seq = ?",
        hiddenEvent(Number(seq), toTimestamp(Number(at))),
        Number(seq),
      );
  }

  // ── the sequence ────────────────────────────────────────────────────────────────────────────────────────

  /** Every event after one and up to another, in order. */
  events(after: number, upTo: number): WireEvent[] {
    return this.#sql
      .exec(
        `SELECT seq, at, NULL AS about, 1 AS is_message, body FROM message WHERE seq > ?1 AND seq <= ?2
         UNION ALL SELECT seq, at, about, 0, body FROM mark WHERE seq > ?1 AND seq <= ?2 ORDER BY seq`,
        after,
        upTo,
      )
      .toArray()
      .map((row) => {
        const seq = Number(row.seq);
        const at = toTimestamp(Number(row.at));
        const body = String(row.body);
        return { seq, at, about: row.about as number | null, text: row.is_message === 1 ? messageEvent(seq, at, body) : body };
      });
  }

  /** The newest message at or after a seq. */
  lastMessage(fromSeq: number): Message | null {
    const [row] = this.#sql.exec('SELECT body FROM message WHERE seq >= ? ORDER BY seq DESC LIMIT 1', fromSeq).toArray();
    return row ? (JSON.parse(String(row.body)) as Message) : null;
  }

  /** Messages of others behind what somebody has read, cards of talks they were in left out; counted among the next `MAX_UNREAD`. */
  unread({ userId, fromSeq }: Person): number {
    const after = Math.max(this.marks(userId).read, fromSeq - 1);
    return Number(
      this.#sql
        .exec(
          `SELECT count(*) AS n FROM (SELECT sender, author, name, body FROM message WHERE seq > ? ORDER BY seq LIMIT ?)
           WHERE sender IS NOT ? AND NOT (author = 'house' AND name LIKE 'call:%' AND json_extract(body, '$.body.connectedMs') > 0)`,
          after,
          MAX_UNREAD,
          userId,
        )
        .one().n,
    );
  }

  // ── words ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Takes the next messages into the index. @returns true where some are left */
  indexNext(most: number): boolean {
    const from = this.#searchable();
    const rows = this.#sql.exec('SELECT seq, body FROM message WHERE seq > ? ORDER BY seq LIMIT ?', from, most).toArray();
    for (const row of rows) this.#index(JSON.parse(String(row.body)) as Message);
    const last = rows.at(-1);
    if (last) this.#sql.exec('UPDATE room SET searchable = ?', Number(last.seq));
    return rows.length === most;
  }

  /** Messages not in the index yet, by seq: from above this one. */
  #searchable(): number {
    return Number(this.#sql.exec('SELECT searchable FROM room').one().searchable);
  }

  isIndexed(room: Room): boolean {
    return this.#searchable() >= room.lastMessageSeq;
  }

  #index(message: Message): void {
    const words = wordsOf(message);
    if (words) this.#sql.exec('INSERT INTO words (rowid, text) VALUES (?, ?)', message.seq, words);
  }

  /** Messages with words that begin like those asked for, newest first, between two seqs (exclusive). */
  search(question: string, between: { above: number; below: number }, limit: number): Message[] {
    const match = matchOf(question);
    if (match === null) return [];
    return this.#sql
      .exec(
        `SELECT m.body FROM (SELECT rowid AS seq FROM words WHERE words MATCH ?1 AND rowid > ?2 AND rowid < ?3 ORDER BY rowid DESC LIMIT ?4) w
         JOIN message m ON m.seq = w.seq ORDER BY m.seq DESC`,
        match,
        between.above,
        between.below,
        limit,
      )
      .toArray()
      .map((row) => JSON.parse(String(row.body)) as Message);
  }

  // ── messages that wait for their price ──────────────────────────────────────────────────────────────────

  /** The first waiting message of each sender. */
  firstIntents(): OpenIntent[] {
    if (this.#counts().intents === 0) return [];
    return this.#sql
      .exec('SELECT * FROM intent WHERE n IN (SELECT min(n) FROM intent GROUP BY sender) ORDER BY n')
      .toArray()
      .map((row) => ({ ...intentOf(row), tries: Number(row.tries), dueAt: Number(row.due_at) }));
  }

  /** Its charge found no answer; tried again at `dueAt`, ms. */
  postpone({ n }: Intent, dueAt: number): void {
    this.#sql.exec('UPDATE intent SET tries = tries + 1, due_at = ? WHERE n = ?', dueAt, n);
  }

  // ── media of deleted messages ───────────────────────────────────────────────────────────────────────────

  droppedMedia(): ChatMediaId[] {
    const rows = this.#sql.exec('SELECT media_id FROM medium WHERE dropped = 1').toArray();
    return rows.map((row) => row.media_id as ChatMediaId);
  }

  forgetMedium(id: ChatMediaId): void {
    this.#sql.exec('DELETE FROM medium WHERE media_id = ?', id);
  }

  // ── what others have been told ──────────────────────────────────────────────────────────────────────────

  /** Up to which event everybody's hub, and the lists, have been told. */
  toldUpTo(): { hubs: number; lists: number } {
    const { told, recorded } = this.#sql.exec('SELECT told, recorded FROM room').one();
    return { hubs: Number(told), lists: Number(recorded) };
  }

  setHubsTold(upTo: number): void {
    this.#sql.exec('UPDATE room SET told = ?', upTo);
  }

  setListsTold(upTo: number): void {
    this.#sql.exec('UPDATE room SET recorded = ?', upTo);
  }

  told(userId: UserId): Told | null {
    const [row] = this.#sql.exec('SELECT told FROM person WHERE user_id = ?', userId).toArray();
    return typeof row?.told === 'string' ? (JSON.parse(row.told) as Told) : null;
  }

  setTold(userId: UserId, told: Told): void {
    this.#sql.exec('UPDATE person SET told = ? WHERE user_id = ?', JSON.stringify(told), userId);
  }

  /** Whose hubs believe that there are sockets of theirs here. */
  registered(): Set<UserId> {
    const rows = this.#sql.exec('SELECT user_id FROM person WHERE registered = 1').toArray();
    return new Set(rows.map((row) => row.user_id as UserId));
  }

  setRegistered(userId: UserId, registered: boolean): void {
    this.#sql.exec('UPDATE person SET registered = ? WHERE user_id = ?', registered ? 1 : 0, userId);
  }
}

const messageEvent = (seq: number, at: string, body: string): string => `{"seq":${seq},"at":"${at}","type":"message","message":${body}}`;

const intentOf = (row: Record<string, SqlStorageValue>): Intent => ({
  ...(JSON.parse(String(row.body)) as Omit<Intent, 'n'>),
  n: Number(row.n),
});
