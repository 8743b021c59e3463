/**
 * The double entry of `postgres-ledger.sql`, driven from node: a connection for each that posts at once, a transaction is one
 * prepared call. Facts are those of ours in `runtime/ledger.ts`: a minute of a call, a payer's posting and a payee's.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { newId } from '../../worker/platform/ids.ts';
import { type Cluster, type Programs, startCluster } from './postgres.ts';

export interface PostgresOrder {
  /** Transactions. */
  readonly count: number;
  /** Pairs in each. */
  readonly pairs: number;
  /** Connections at once. */
  readonly lanes: number;
  /** Every pair on the same two accounts. */
  readonly hot?: boolean;
}

export interface PostgresLedger {
  /** Does the work, and throws where the ledger did not post. */
  run(order: PostgresOrder): Promise<void>;
  /** Throws where the books do not hold what was posted. */
  check(): Promise<void>;
  readonly folder: string;
  stop(): Promise<void>;
}

type Unit = 'COIN' | 'EARN';

/** What `post` of the SQL takes; `amount` is what the owner's own account gains, negative where it pays. */
export interface Fact {
  readonly id: string;
  readonly transfer_id: string;
  readonly event_id: string;
  readonly key: string;
  readonly hash: string;
  readonly owner: string;
  readonly kind: 'seed' | 'checkpoint' | 'earning';
  readonly ref: string;
  readonly actor: 'system';
  /** ms, as the next. */
  readonly event_at: number;
  readonly created_at: number;
  readonly metadata: object;
  readonly own: string;
  readonly house: string;
  readonly unit: Unit;
  readonly amount: number;
}

interface Answer {
  readonly outcome: 'posted' | 'replayed';
  readonly balance_after: string;
}

const OWNERS = 64;
const SEED_COINS = 500_000_000;
const accountOf = (owner: string, unit: Unit): string => `${owner}:${unit}`;

type Meant = Pick<Fact, 'key' | 'kind' | 'ref' | 'owner' | 'house' | 'unit' | 'amount'>;

/** A fact with its ids and the hash of what it means. */
function factOf(meant: Meant, intent: object, now: number): Fact {
  const transfer = newId('trf');
  return {
    ...meant,
    id: newId('pst'),
    transfer_id: transfer,
    event_id: `bev_${transfer.slice(4)}`,
    hash: createHash('sha256').update(JSON.stringify(intent)).digest('hex'),
    actor: 'system',
    event_at: 1,
    created_at: now,
    metadata: intent,
    own: accountOf(meant.owner, meant.unit),
  };
}

/** One minute of a call: the payer's posting and the payee's, each with an account of the house. */
export function pairOf(payer: string, payee: string, now: number): [Fact, Fact] {
  const ref = newId('call');
  const half = (party: 'payer' | 'payee', meant: Omit<Meant, 'key' | 'ref'>): Fact =>
    factOf({ ...meant, key: `call:${ref}:${party}:0`, ref }, { party, n: 0, tariffId: 'bench', amount: Math.abs(meant.amount) }, now);
  return [
    half('payer', { kind: 'checkpoint', owner: payer, house: 'house:revenue:COIN', unit: 'COIN', amount: -60 }),
    half('payee', { kind: 'earning', owner: payee, house: 'house:earned:EARN', unit: 'EARN', amount: 30 }),
  ];
}

const post = async (client: Client, facts: readonly Fact[]): Promise<Answer[]> =>
  (await client.query<Answer>({ name: 'post', text: 'SELECT * FROM post($1::jsonb)', values: [JSON.stringify(facts)] })).rows;

async function mustPost(client: Client, facts: readonly Fact[]): Promise<void> {
  const answers = await post(client, facts);
  if (answers.length !== facts.length || answers.some(({ outcome }) => outcome !== 'posted'))
    throw new Error(`PostgreSQL has not posted: ${JSON.stringify(answers)}`);
}

/**
 * A cluster with the ledger in it, and people with coins enough for ever.
 * @param lanes the most connections that will post at once
 */
export async function startPostgresLedger(programs: Programs, { logs, lanes }: { logs: string; lanes: number }): Promise<PostgresLedger> {
  const cluster = await startCluster(programs, logs);
  try {
    const clients = await Promise.all(Array.from({ length: lanes }, () => cluster.connect()));
    const [first] = clients as [Client];
    await first.query(readFileSync(new URL('./postgres-ledger.sql', import.meta.url), 'utf8'));
    const [payers, payees] = [await people(first, 'COIN'), await people(first, 'EARN')];
    await mustPost(
      first,
      payers.map((owner) =>
        factOf(
          { key: `seed:${owner}`, kind: 'seed', ref: 'bench', owner, house: 'house:issuance:COIN', unit: 'COIN', amount: SEED_COINS },
          { amount: SEED_COINS },
          Date.now(),
        ),
      ),
    );
    await provesItself(first, payers[0] as string, payees[0] as string);
    // One pair was posted in proving.
    return ledgerOf(cluster, { clients, payers, payees, postings: OWNERS + 2 });
  } catch (thrown) {
    await cluster.stop();
    throw thrown;
  }
}

async function people(client: Client, unit: Unit): Promise<string[]> {
  const owners = Array.from({ length: OWNERS }, () => newId('usr'));
  await client.query("INSERT INTO account (id, owner, kind, unit) SELECT o || ':' || $2, o, 'owner', $2 FROM unnest($1::text[]) o", [
    owners,
    unit,
  ]);
  return owners;
}

/** A peer that did not keep our laws would be no peer: a key happens once and means one thing, nobody goes below 0, all or none. */
async function provesItself(client: Client, payer: string, payee: string): Promise<void> {
  const [paid, earned] = pairOf(payer, payee, 0);
  await mustPost(client, [paid, earned]);
  const again = await post(client, [paid, earned]);
  if (again.some(({ outcome }) => outcome !== 'replayed')) throw new Error('PostgreSQL posts a key twice');
  const [other, more] = pairOf(payer, payee, 0);
  await refuses(client, [other, { ...earned, hash: more.hash.replace(/^./, '-') }], 'idempotency_conflict');
  await refuses(client, [more, { ...other, amount: -SEED_COINS }], 'balance_floor');
  await refuses(client, [more, { ...other, house: 'house:earned:EARN' }], 'transfer_to_account_unit_fkey');
  await refuses(client, [more, { ...other, own: accountOf(payee, 'EARN'), unit: 'EARN', house: 'house:earned:EARN' }], 'foreign_account');
}

async function refuses(client: Client, facts: readonly Fact[], reason: string): Promise<void> {
  const said = await post(client, facts).then(
    () => 'nothing',
    (thrown: Error) => thrown.message,
  );
  if (!said.includes(reason)) throw new Error(`PostgreSQL should refuse by ${reason}, and says: ${said}`);
}

interface Cast {
  readonly clients: readonly Client[];
  readonly payers: readonly string[];
  readonly payees: readonly string[];
  /** Posted so far. */
  readonly postings: number;
}

function ledgerOf(cluster: Cluster, { clients, payers, payees, postings }: Cast): PostgresLedger {
  let posted = postings;
  const of = (owners: readonly string[], n: number): string => owners[n % owners.length] as string;
  return {
    folder: cluster.folder,
    stop: cluster.stop,
    async run({ count, pairs, lanes, hot = false }) {
      if (lanes > clients.length) throw new Error(`${lanes} at once, and there are ${clients.length} connections`);
      let next = 0;
      const lane = async (client: Client): Promise<void> => {
        for (let n = next++; n < count; n = next++) {
          const numbers = Array.from({ length: pairs }, (_, i) => (hot ? 0 : n * pairs + i));
          await mustPost(
            client,
            numbers.flatMap((number) => pairOf(of(payers, number), of(payees, number), Date.now())),
          );
        }
      };
      await Promise.all(clients.slice(0, lanes).map(lane));
      posted += count * pairs * 2;
    },
    async check() {
      const [client] = clients as readonly [Client];
      const { rows: mismatches } = await client.query('SELECT * FROM mismatch');
      if (mismatches.length > 0) throw new Error(`PostgreSQL's books do not hold: ${JSON.stringify(mismatches)}`);
      const { rows } = await client.query<{ postings: number; transfers: number; events: number }>(
        'SELECT (SELECT count(*)::int FROM posting) AS postings, (SELECT count(*)::int FROM transfer) AS transfers, (SELECT count(*)::int FROM balance_event) AS events',
      );
      const [has] = rows as [(typeof rows)[number]];
      if (has.postings !== posted || has.transfers !== posted || has.events !== posted)
        throw new Error(`PostgreSQL should have ${posted} postings, and has ${JSON.stringify(has)}`);
    },
  };
}
