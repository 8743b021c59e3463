/** How each app is built, and served while it is worked on; one place, because they differ only in where they live. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, createServer, type InlineConfig, type Plugin } from 'vite';
import { contractToAsk } from './contract.ts';
import { themeStyles } from './theme-css.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** An app: its folder, where it is served on its origin, and its folder below `web/dist`. */
const places = {
  app: { base: '/', out: 'app' },
  portal: { base: '/portal/', out: 'app/portal' },
  panel: { base: '/', out: 'panel' },
} as const;
export type AppName = keyof typeof places;
/** In the order of building: the portal lives inside the app's folder, which is emptied first. */
export const appNames = Object.keys(places) as AppName[];

/** The vite configuration of an app. Its development server hands `/api` to the Worker at `HEARTHLINE_API_PORT`. */
export function configOf(name: AppName): InlineConfig {
  const { base, out } = places[name];
  const api = `http://127.0.0.1:${process.env.HEARTHLINE_API_PORT ?? '8787'}`;
  return {
    configFile: false,
    root: here(`./${name}`),
    base,
    publicDir: here(`./${name}/public`),
    cacheDir: here(`../node_modules/.vite/${name}`),
    plugins: [
      react(),
      contractToAsk(),
      themeStyles(),
      ...(name === 'app' ? [portalBeside(), shellKeeper()] : name === 'portal' ? [deskTeller()] : []),
    ],
    build: {
      outDir: here(`./dist/${out}`),
      emptyOutDir: true,
      chunkSizeWarningLimit: 800,
      // Where a browser knows no preloading of modules, they load all the same, one after the other.
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              {
                debugName: 'first',
                name: (id, bundle) => (isAtFirst(id, (other) => bundle.getModuleInfo(other)) ? 'first' : null),
                includeDependenciesRecursively: false,
              },
            ],
          },
        },
      },
    },
    server: { proxy: { '/api': { target: api, ws: true } }, fs: { allow: [here('..')] } },
  };
}

/**
 * Whether the page's entry imports the module without waiting: all of that comes as one file, not as thirty. The schemas
 * are left to the bundler: who names an endpoint names them too, but only what is told live is held against them.
 */
function isAtFirst(id: string, infoOf: (id: string) => { isEntry: boolean; importers: readonly string[] } | null): boolean {
  if (/\/zod\/|\/worker\/protocol\/(?!http\/)/.test(id)) return false;
  const seen = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const info = infoOf(next);
    if (info?.isEntry) return true;
    open.push(...(info?.importers ?? []));
  }
  return false;
}

/** While developing, the portal is served at `/portal/` of the app's own server: one origin, as deployed. */
function portalBeside(): Plugin {
  return {
    name: 'hearthline-portal',
    apply: 'serve',
    async configureServer({ httpServer, middlewares }) {
      const portal = await createServer({
        ...configOf('portal'),
        server: { middlewareMode: true, fs: { allow: [here('..')] }, ...(httpServer ? { hmr: { server: httpServer } } : {}) },
      });
      httpServer?.once('close', () => void portal.close());
      middlewares.use((request, response, next) => {
        if (request.url === '/portal') response.writeHead(302, { Location: '/portal/' }).end();
        else if (request.url?.startsWith('/portal/')) portal.middlewares(request, response, next);
        else next();
      });
    },
  };
}

/** Writes the members' service worker: `app/sw.ts` with the files that home needs and a version that follows them. */
function shellKeeper(): Plugin {
  return {
    name: 'hearthline-shell',
    apply: 'build',
    async generateBundle(_, bundle) {
      const needed = new Set<string>();
      const need = (name: string): void => {
        const part = bundle[name];
        if (needed.has(name) || part?.type !== 'chunk') return;
        needed.add(name);
        part.imports.forEach(need);
      };
      for (const part of Object.values(bundle)) if (part.type === 'chunk' && part.isEntry) need(part.fileName);
      const styles = Object.keys(bundle).filter((name) => name.endsWith('.css') || name.endsWith('.woff2'));
      const files = [...needed, ...styles].sort().map((name) => `/${name}`);
      const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12);
      const source = await workerScript('./app/sw.ts', { SHELL_VERSION: version, SHELL_FILES: files });
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  };
}

/** Writes the companions' service worker. */
function deskTeller(): Plugin {
  return {
    name: 'hearthline-desk-teller',
    apply: 'build',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: await workerScript('./portal/sw.ts', {}) });
    },
  };
}

/** A service worker as one classic script. @param written the values of names that it declares */
async function workerScript(entry: string, written: Readonly<Record<string, unknown>>): Promise<string> {
  const built = await build({
    configFile: false,
    root: here('.'),
    publicDir: false,
    logLevel: 'warn',
    define: Object.fromEntries(Object.entries(written).map(([name, value]) => [name, JSON.stringify(value)])),
    build: {
      write: false,
      rolldownOptions: { input: here(entry), output: { format: 'iife' }, treeshake: { manualPureFunctions: ['endpoint', 'z'] } },
    },
  });
  if (!('output' in built)) throw new Error(`${entry} was not built as one script`);
  const [script, ...more] = built.output;
  if (more.length > 0) throw new Error(`${entry} must be one script, and became ${more.length + 1}`);
  return script.code;
}
