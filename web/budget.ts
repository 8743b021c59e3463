/** How much script the members' home loads at first: the entry of the built page and all it imports at once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes of gzip. */
export const FIRST_LOAD_BUDGET = 155_000;

/** Bytes of gzip of every script that `index.html` of this folder asks for or preloads, and what those import statically. */
export function firstLoad(folder: string): number {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const found = new Set<string>();
  const follow = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const source = readFileSync(join(folder, 'assets', file), 'utf8');
    for (const [, imported] of source.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) if (imported) follow(imported);
  };
  for (const [, file] of page.matchAll(/(?:src|href)="\/assets\/([\w.-]+\.js)"/g)) if (file) follow(file);
  return [...found].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, 'assets', file))).length, 0);
}
