/** The contract, published: `/api/v1/openapi.json`, `/api/v1/asyncapi.json`, and `/docs` to read it. */
import type { Endpoint } from '../../protocol/http/endpoint.ts';
import type { App } from '../serve.ts';
import { asyncapi } from './asyncapi.ts';
import { openapi } from './openapi.ts';
import { docsPage } from './page.ts';

/** The page has its own style inside and no script; nothing else may load. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const FRESH = 'public, max-age=60';

/** @param root the app without a base; the documents are made when first asked for, once per isolate */
export function mountDocuments(root: App, endpoints: readonly Endpoint[], base: string): void {
  const http = once(() => JSON.stringify(openapi(endpoints, base)));
  const sockets = once(() => JSON.stringify(asyncapi(base)));
  const page = once(() => docsPage(endpoints, base));
  const json = { 'Content-Type': 'application/json', 'Cache-Control': FRESH };
  root.get(`${base}/openapi.json`, (c) => c.body(http(), 200, json));
  root.get(`${base}/asyncapi.json`, (c) => c.body(sockets(), 200, json));
  root.get('/docs', (c) => c.html(page(), 200, { 'Content-Security-Policy': PAGE_POLICY, 'Cache-Control': FRESH }));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
