/** The files of the page. Its TypeScript is served as a browser takes it: with the types left out. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

export interface PageFile {
  readonly type: string;
  readonly body: string;
}

const scripts = ['element.ts', 'fate.ts', 'letters.ts', 'main.ts', 'phone.ts', 'screens.ts', 'shop.ts', 'shop-cards.ts'];
const styles = ['style.css', 'shop.css'];

/** A mail's frame inherits this: it may use styles of its own, and load nothing. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";

const textOf = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** @param path without its query; null where the page has no such file */
export function pageFile(path: string): PageFile | null {
  if (path === '/') return { type: 'text/html; charset=utf-8', body: textOf('index.html') };
  if (path === '/shop') return { type: 'text/html; charset=utf-8', body: textOf('shop.html') };
  const style = styles.find((name) => path === `/page/${name}`);
  if (style) return { type: 'text/css; charset=utf-8', body: textOf(style) };
  const script = scripts.find((name) => path === `/page/${name}`);
  return script ? { type: 'text/javascript; charset=utf-8', body: stripTypeScriptTypes(textOf(script)) } : null;
}
