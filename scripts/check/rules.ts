/**
 * The rules of the house. Each looks at the whole tree and says what breaks it; `tests/house/rules.test.ts` plants a
 * violation of each and must see it caught.
 */
import { cyclesOf } from './cycles.ts';
import {
  doors,
  drawers,
  impurePackages,
  isTest,
  ledger,
  moreDoors,
  pricingRouter,
  pureFiles,
  secondVersions,
  storeOf,
  tiers,
  viewOnly,
  webRooms,
} from './layout.ts';
import type { Edge, FileNode, Tree } from './tree.ts';

export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

type Rule = (tree: Tree) => Iterable<Omit<Violation, 'rule'>>;

const domainOf = (path: string | undefined): string | undefined => path?.match(/^worker\/domains\/([^/]+)\//)?.[1];
const objectOf = (path: string | undefined): string | undefined => path?.match(/^durable-objects\/([^/]+)\//)?.[1];
/** The Pages functions of any app are one room: what runs beside it on the server. */
const webRoomOf = (path: string): string | undefined =>
  /^web\/([^/]+\/)?functions\//.test(path) ? 'functions' : path.match(/^web\/([^/]+)\//)?.[1];

/** Production code with each of its imports. */
function* importsOf(tree: Tree, from: (path: string) => boolean): Iterable<{ file: FileNode; edge: Edge }> {
  for (const file of tree.files.values()) if (!isTest(file.path) && from(file.path)) for (const edge of file.edges) yield { file, edge };
}

const at = (file: FileNode, line: number, message: string): Omit<Violation, 'rule'> => ({ path: file.path, line, message });

const rules: Readonly<Record<string, Rule>> = {
  *'imports-resolve'(tree) {
    for (const file of tree.files.values())
      for (const edge of file.edges) {
        if (edge.pkg === undefined && edge.to === undefined) yield at(file, edge.line, `there is no file at ${edge.specifier}`);
        if (edge.pkg === undefined || /^(node|cloudflare|virtual):/.test(edge.pkg)) continue;
        if (!tree.packages.shipped.has(edge.pkg) && !tree.packages.development.has(edge.pkg))
          yield at(file, edge.line, `package.json does not list ${edge.pkg}`);
        const ships = /^(worker|durable-objects)\//.test(file.path) && !isTest(file.path);
        if (ships && !edge.typeOnly && !tree.packages.shipped.has(edge.pkg))
          yield at(file, edge.line, `${edge.pkg} is a development dependency, but this file ships`);
      }
  },

  *'protocol-imports-zod-only'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => path.startsWith('worker/protocol/'))) {
      if (edge.pkg !== undefined && edge.pkg !== 'zod') yield at(file, edge.line, `the protocol imports zod only, not ${edge.specifier}`);
      if (edge.to && !edge.to.startsWith('worker/protocol/'))
        yield at(file, edge.line, `the protocol imports nothing of the server, not ${edge.to}`);
    }
  },

  *'domain-tiers'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => domainOf(path) !== undefined)) {
      const from = domainOf(file.path) as string;
      const to = domainOf(edge.to);
      if (tiers[from] === undefined) yield at(file, edge.line, `the domain ${from} has no tier in scripts/check/layout.ts`);
      if (to === undefined || to === from) continue;
      if ((tiers[to] ?? Infinity) >= (tiers[from] ?? -1))
        yield at(file, edge.line, `${from} (tier ${tiers[from]}) may not import ${to} (tier ${tiers[to]}): publish an event or enqueue`);
    }
  },

  *'domain-doors'(tree) {
    const outside = ({ path }: FileNode, to: string): boolean =>
      domainOf(path) !== to && path !== `db/schema/${to}.ts` && !/^worker\/(app|index|jobs)\.ts$/.test(path);
    for (const { file, edge } of importsOf(tree, (path) => /^(worker|durable-objects|db)\//.test(path))) {
      const to = domainOf(edge.to);
      if (to === undefined || edge.to === undefined || !outside(file, to)) continue;
      const name = edge.to.slice(`worker/domains/${to}/`.length);
      if (!doors.includes(name) && !moreDoors[to]?.includes(name))
        yield at(file, edge.line, `${to} is entered by ${[...doors, ...(moreDoors[to] ?? [])].join(' or ')}, not by ${name}`);
    }
  },

  *'domains-import-their-own-tables'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => domainOf(path) !== undefined)) {
      const domain = domainOf(file.path) as string;
      const allowed = /^worker\/(platform|protocol|domains)\/|^worker\/env\.ts$|^db\/schema\/|^db\/views\//;
      if (edge.to && !allowed.test(edge.to))
        yield at(file, edge.line, `a domain imports platform, protocol, tables and lower domains, not ${edge.to}`);
      const table = edge.to?.match(/^db\/schema\/(.+)\.ts$/)?.[1];
      if (table !== undefined && table !== domain) yield at(file, edge.line, `the tables of ${table} are not ${domain}'s`);
    }
  },

  *'one-store-per-table'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => !path.startsWith('db/'))) {
      const domain = edge.to?.match(/^db\/schema\/(.+)\.ts$/)?.[1];
      if (domain !== undefined && !storeOf(domain).test(file.path))
        yield at(file, edge.line, `the tables of ${domain} are read and written in worker/domains/${domain}/store.ts only`);
    }
    const homes = new Map<string, (from: string) => boolean>();
    for (const { path, tables } of tree.files.values()) {
      const domain = path.match(/^db\/schema\/(.+)\.ts$/)?.[1];
      if (domain !== undefined) for (const table of tables) homes.set(table, (from) => storeOf(domain).test(from));
    }
    for (const [table, set] of tree.tables)
      if (set !== ledger.migrations && !homes.has(table))
        yield { path: `db/migrations/${set}`, line: 1, message: `no file of db/schema declares the table ${table}, so nobody owns it` };
    for (const file of tree.files.values()) {
      if (isTest(file.path) || !file.path.startsWith('worker/')) continue;
      for (const { table, line } of sqlTables(file)) {
        const isHome = homes.get(table);
        if (isHome && !isHome(file.path)) yield at(file, line, `SQL on ${table} stands in the store of the room that owns it only`);
      }
    }
  },

  *'only-balance-touches-the-ledger'(tree) {
    for (const file of tree.files.values()) {
      if (isTest(file.path) || ledger.store.test(file.path) || !/^(worker|durable-objects|db\/seed|scripts)\//.test(file.path)) continue;
      for (const { table, line } of sqlTables(file))
        if (tree.tables.get(table) === ledger.migrations)
          yield at(file, line, `only balance/store.ts touches ledger tables, such as ${table}`);
    }
  },

  *'reports-read-views'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => viewOnly.includes(domainOf(path) ?? ''))) {
      if (edge.to?.startsWith('db/schema/') || (edge.to && /store\.ts$/.test(edge.to) && domainOf(edge.to) !== domainOf(file.path)))
        yield at(file, edge.line, `${domainOf(file.path)} reads masked views (db/views), never tables`);
    }
  },

  *'pricing-models-behind-the-router'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => path !== pricingRouter)) {
      const model = edge.to?.match(/^worker\/domains\/pricing\/(tokens|subscription|moments)/)?.[1];
      if (model !== undefined && !file.path.startsWith(`worker/domains/pricing/${model}`))
        yield at(file, edge.line, `the pricing model ${model} is imported by the router only`);
    }
  },

  *'pure-files-are-pure'(tree) {
    for (const file of tree.files.values()) {
      if (isTest(file.path) || !pureFiles.some((pattern) => pattern.test(file.path))) continue;
      for (const { node, by } of reachable(tree, file)) {
        const way = by.length > 0 ? ` (by ${by.join(' → ')})` : '';
        for (const { what, line } of node.impurities)
          yield at(file, node === file ? line : 1, `a pure file takes time, ids and chance as arguments, not from ${what}${way}`);
        for (const edge of node.edges)
          if (edge.pkg !== undefined && impurePackages.test(edge.pkg) && (!edge.typeOnly || node === file))
            yield at(file, node === file ? edge.line : 1, `a pure file may not import ${edge.specifier}${way}`);
      }
    }
  },

  *'services-run-anywhere'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => path.startsWith('worker/domains/')))
      if (edge.pkg?.startsWith('cloudflare:'))
        yield at(file, edge.line, 'domains import no cloudflare:*: services also run in node, for seeding and scripts');
  },

  *'object-classes-only-in-index'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => !path.startsWith('durable-objects/')))
      if (edge.to?.startsWith('durable-objects/') && file.path !== 'worker/index.ts')
        yield at(file, edge.line, 'objects are reached by platform/stubs.ts; only worker/index.ts imports their classes');
  },

  *'objects-stand-alone'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => objectOf(path) !== undefined)) {
      const own = objectOf(file.path);
      const to = objectOf(edge.to);
      if (to !== undefined && to !== own && (to !== 'kit' || own === 'kit'))
        yield at(file, edge.line, 'an object imports the kit and itself; another object is reached by platform/stubs.ts');
      if (edge.pkg === 'drizzle-orm' || edge.pkg === 'hono' || edge.to?.startsWith('db/'))
        yield at(file, edge.line, 'an object calls domain services; it has no routes and no tables of the database');
      if (own === 'kit' && edge.to && !/^(durable-objects\/kit|worker\/(protocol|platform))\//.test(edge.to))
        yield at(file, edge.line, `the kit knows no business, so not ${edge.to}`);
    }
  },

  *'stubs-are-types'(tree) {
    const file = tree.files.get('worker/platform/stubs.ts');
    for (const edge of file?.edges ?? [])
      if (file && !edge.typeOnly) yield at(file, edge.line, 'stubs.ts says how to reach an object: it imports types only');
  },

  *'platform-knows-no-business'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => path.startsWith('worker/platform/')))
      if (edge.to && !/^worker\/(platform\/|protocol\/|env\.ts)/.test(edge.to))
        yield at(file, edge.line, `the platform imports itself and the protocol, not ${edge.to}`);
  },

  *'web-imports-the-protocol-only'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => /^(web|mobile)\//.test(path))) {
      if (!edge.to || /^(web|mobile)\//.test(edge.to) || edge.to.startsWith('worker/protocol/')) continue;
      yield at(file, edge.line, `the web knows worker/protocol and nothing else of the server, not ${edge.to}`);
    }
  },

  *'web-rooms'(tree) {
    for (const { file, edge } of importsOf(tree, (path) => path.startsWith('web/'))) {
      const from = webRoomOf(file.path);
      const to = edge.to ? webRoomOf(edge.to) : undefined;
      if (from !== undefined && to !== undefined && from !== to && !webRooms[from]?.includes(to))
        yield at(file, edge.line, `web/${from} may not import web/${to}`);
      if (from === 'client' && edge.pkg && /^(react|react-dom|@mantine\/.*)$/.test(edge.pkg))
        yield at(file, edge.line, 'web/client knows no React: the phone app uses it too');
    }
  },

  *'no-drawers'(tree) {
    for (const path of tree.paths) {
      const name = path.split('/').at(-1) ?? '';
      if (drawers.test(name)) yield { path, line: 1, message: 'says nothing: what it holds lives in the room whose word it uses' };
      if (secondVersions.test(name.replace(/\.tsx?$/, '')))
        yield { path, line: 1, message: 'a second version beside the first: change the first' };
    }
  },

  *'no-cycles'(tree) {
    for (const cycle of cyclesOf(tree)) {
      const [first = ''] = cycle;
      yield { path: first, line: 1, message: `imports itself: ${[...cycle, first].join(' → ')}` };
    }
  },
};

/** SQL in text, with the tables it names. */
function* sqlTables(file: FileNode): Iterable<{ table: string; line: number }> {
  for (const { what, line } of file.texts) {
    if (!/\b(select|insert|update|delete|replace)\b/i.test(what)) continue;
    for (const [, table] of what.matchAll(/\b(?:from|into|update|join)\s+["`[]?([a-z_]+)/gi)) if (table) yield { table, line };
  }
}

/** A file and all that its code loads, with the way there. */
function* reachable(tree: Tree, start: FileNode): Iterable<{ node: FileNode; by: readonly string[] }> {
  const seen = new Set([start.path]);
  const queue: { node: FileNode; by: readonly string[] }[] = [{ node: start, by: [] }];
  for (let item = queue.shift(); item; item = queue.shift()) {
    yield item;
    for (const edge of item.node.edges) {
      const node = edge.to === undefined || edge.typeOnly ? undefined : tree.files.get(edge.to);
      if (!node || seen.has(node.path)) continue;
      seen.add(node.path);
      queue.push({ node, by: [...item.by, node.path] });
    }
  }
}

export const ruleNames = Object.keys(rules);

/** Everything in the tree that breaks a rule, by path. */
export function violationsOf(tree: Tree): Violation[] {
  return Object.entries(rules)
    .flatMap(([rule, check]) => [...check(tree)].map((found) => ({ rule, ...found })))
    .sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
}
