/** Which methods an address takes, read from the routes that are really mounted. */
import type { App } from './serve.ts';

/** Answers the methods served at a path, sorted; empty where nothing is. */
export function methodsOf(app: Pick<App, 'routes'>): (path: string) => string[] {
  const served = app.routes
    .filter((route) => route.method !== 'ALL')
    .map((route) => ({ method: route.method, pattern: new RegExp(`^${route.path.replace(/[.]/g, '\\.').replace(/:[^/]+/g, '[^/]+')}$`) }));
  return (path) => {
    const methods = new Set(served.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method));
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods].sort();
  };
}
