/**
 * Storage migrations of one object class: an append-only list that checks its own history. Each object applies what is
 * missing when it wakes, in one transaction, before it does anything else.
 */

export interface Migration {
  /** Unique in its list; never changed once deployed. */
  readonly name: string;
  /** One or more statements. Never changed once deployed: write another migration instead. */
  readonly sql: string;
  /**
   * True where older code can't work on the result (a column dropped or given another meaning). Code that does not know
   * such a migration refuses to run; any other unknown one (an added table or column) is left alone, so that a release
   * can be taken back.
   */
  readonly contracts?: boolean;
}

/** What is written about an applied migration. */
export interface AppliedMigration {
  readonly position: number;
  readonly name: string;
  readonly hash: string;
  readonly contracts: number;
}

/**
 * The migrations still to apply, oldest first.
 * @throws Error when what was applied is not how the list begins: a migration was edited, removed or reordered, or the
 *   storage was contracted by newer code
 */
export function missingMigrations(list: readonly Migration[], applied: readonly AppliedMigration[]): readonly Migration[] {
  const names = new Set(list.map(({ name }) => name));
  if (names.size !== list.length) throw new Error('two migrations have one name');
  for (const [position, done] of applied.entries()) {
    const known = list[position];
    if (!known) {
      if (done.contracts) throw new Error(`this code is older than the storage: it does not know ${done.name}`);
      continue;
    }
    if (known.name !== done.name) throw new Error(`migration ${position} was ${done.name} and is now ${known.name}: append, never reorder`);
    if (knownHash(known) !== done.hash) throw new Error(`migration ${done.name} was changed after it was applied: append another`);
  }
  return list.slice(applied.length);
}

/** Brings an object's storage up to `list`; costs one read when there is nothing to do. */
export function migrate(storage: DurableObjectStorage, list: readonly Migration[]): void {
  const { sql } = storage;
  sql.exec(
    'CREATE TABLE IF NOT EXISTS migration (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, contracts INTEGER NOT NULL)',
  );
  const applied = sql
    .exec('SELECT position, name, hash, contracts FROM migration ORDER BY position')
    .toArray() as unknown as AppliedMigration[];
  const missing = missingMigrations(list, applied);
  if (missing.length === 0) return;
  storage.transactionSync(() => {
    for (const [offset, { name, sql: statements, contracts }] of missing.entries()) {
      sql.exec(statements);
      sql.exec(
        'INSERT INTO migration (position, name, hash, contracts) VALUES (?, ?, ?, ?)',
        applied.length + offset,
        name,
        hashOf(statements),
        contracts ? 1 : 0,
      );
    }
  });
}

const hashes = new WeakMap<Migration, string>();

/** Asked for by every object that wakes: worked out once for a list, not once for each of ten thousand people who are told something. */
function knownHash(migration: Migration): string {
  const hash = hashes.get(migration) ?? hashOf(migration.sql);
  hashes.set(migration, hash);
  return hash;
}

/** FNV-1a over the text, white space aside: it notices an edit, it keeps no secret, and it needs no await. */
export function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text.replace(/\s+/g, ' ').trim())) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
