/** All sources of a tree of files with their imports resolved: what the rules look at. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { type Import, readSource, type Source } from './source.ts';

/** The rooms whose files are read. */
const rooms = ['worker', 'durable-objects', 'db', 'web', 'mobile', 'sandbox', 'scripts', 'tests', 'bench'];

export interface Edge extends Import {
  /** A file of the tree, or undefined for a package and for a file that is not there. */
  readonly to: string | undefined;
  /** `zod` of `zod/mini`, `cloudflare:workers`, `node:fs`; undefined for a relative import. */
  readonly pkg: string | undefined;
}

export interface FileNode extends Omit<Source, 'imports'> {
  /** From the root, with `/`: `worker/domains/user/service.ts`. */
  readonly path: string;
  readonly edges: readonly Edge[];
}

export interface Tree {
  readonly files: ReadonlyMap<string, FileNode>;
  /** Every folder and file below the rooms, sources or not. */
  readonly paths: readonly string[];
  /** Table → the set of migrations that makes it: `main`, or `ledger` for those of every ledger shard. */
  readonly tables: ReadonlyMap<string, string>;
  /** Names of declared packages: those that ship, and those for development. */
  readonly packages: { readonly shipped: ReadonlySet<string>; readonly development: ReadonlySet<string> };
}

/** Reads the tree below `root`; `node_modules` and built output are left out. */
export function readTree(root: string): Tree {
  const paths = rooms.flatMap((room) => list(root, room));
  const all = new Set(paths);
  const files = new Map<string, FileNode>();
  for (const path of paths.filter((path) => /\.(ts|tsx|mts)$/.test(path) && !path.endsWith('.d.ts'))) {
    const { imports, ...rest } = readSource(path, readFileSync(join(root, path), 'utf8'));
    files.set(path, { ...rest, path, edges: imports.map((found) => resolve(path, found, all)) });
  }
  return { files, paths, tables: readTables(root, paths), packages: readPackages(root) };
}

function list(root: string, folder: string): string[] {
  const skipped = new Set(['node_modules', 'dist', '.wrangler']);
  try {
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      if (skipped.has(entry.name) || (entry.name.startsWith('.') && entry.name !== '.well-known')) return [];
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? [path, ...list(root, path)] : [path];
    });
  } catch {
    return [];
  }
}

function resolve(from: string, found: Import, all: ReadonlySet<string>): Edge {
  const { specifier } = found;
  if (!specifier.startsWith('.')) return { ...found, to: undefined, pkg: packageOf(specifier) };
  const bare = specifier.replace(/\?.*$/, '');
  const target = relative('.', join(dirname(from), bare))
    .split(sep)
    .join('/');
  return { ...found, to: all.has(target) ? target : undefined, pkg: undefined };
}

function packageOf(specifier: string): string {
  if (/^(node|cloudflare|virtual):/.test(specifier)) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function readTables(root: string, paths: readonly string[]): Map<string, string> {
  const tables = new Map<string, string>();
  // In the order they are applied: a later one may drop what an earlier one made.
  for (const path of paths.toSorted()) {
    const set = path.match(/^db\/migrations\/([^/]+)\/.+\.sql$/)?.[1];
    if (set === undefined) continue;
    const sql = readFileSync(join(root, path), 'utf8');
    for (const [, made, dropped] of sql.matchAll(/CREATE TABLE\s+(?:IF NOT EXISTS\s+)?["`]?(\w+)|DROP TABLE\s+["`]?(\w+)/gi)) {
      if (made) tables.set(made, set);
      if (dropped) tables.delete(dropped);
    }
  }
  return tables;
}

function readPackages(root: string): Tree['packages'] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    shipped: new Set(Object.keys(manifest.dependencies ?? {})),
    development: new Set(Object.keys(manifest.devDependencies ?? {})),
  };
}
