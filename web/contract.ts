/**
 * The contract as the browser needs it. An endpoint is data for everybody: the server holds what comes and goes against
 * its schemas, the pages only ask. So a built page keeps of an endpoint how it is asked, and of the schemas those that
 * something is held against.
 */
import type { Plugin } from 'vite';

/** What `web/client/api.ts` reads of an endpoint. */
const asked: readonly string[] = ['method', 'path', 'access', 'body', 'bytes', 'idempotencyKey'];

/** A node of a parsed module, as far as it is looked at here. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
}

/** The module with every `endpoint({…})` cut down to what asking needs. A body is kept as `true`: that there is one. */
export function askingOnly(code: string, program: Node): string {
  const cuts: { start: number; end: number; by: string }[] = [];
  const look = (part: unknown): void => {
    if (Array.isArray(part)) for (const each of part) look(each);
    else if (isNode(part)) {
      const [definition] = isEndpoint(part) ? (part.arguments as Node[]) : [];
      if (definition) cuts.push({ start: definition.start, end: definition.end, by: cutDown(code, definition) });
      else for (const each of Object.values(part)) look(each);
    }
  };
  look(program);
  // From the end, so that what stands before keeps its place.
  return cuts.toSorted((a, b) => b.start - a.start).reduce((text, { start, end, by }) => text.slice(0, start) + by + text.slice(end), code);
}

/** The module with whatever it makes at its top level marked as nothing but made: what nobody uses can be left out. */
export function madeOnly(code: string, program: Node): string {
  const made = (program.body as Node[])
    .map((statement) => (statement.type === 'ExportNamedDeclaration' ? (statement.declaration as Node | null) : statement))
    .flatMap((statement) => (statement?.type === 'VariableDeclaration' ? (statement.declarations as Node[]) : []))
    .map(({ init }) => init as Node | null)
    .filter((init) => init !== null && ['CallExpression', 'NewExpression', 'ObjectExpression'].includes(init.type));
  return made.reduceRight(
    (text, init) =>
      init ? `${text.slice(0, init.start)}/* @__PURE__ */ (() => (${text.slice(init.start, init.end)}))()${text.slice(init.end)}` : text,
    code,
  );
}

/** For the building of a page: `worker/protocol` loses what only the server needs. */
export function contractToAsk(): Plugin {
  return {
    name: 'hearthline-contract',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!id.includes('/worker/protocol/')) return null;
      const asking = askingOnly(code, this.parse(code) as unknown as Node);
      return { code: madeOnly(asking, this.parse(asking) as unknown as Node), map: null };
    },
  };
}

const isNode = (part: unknown): part is Node => typeof part === 'object' && part !== null && 'type' in part && 'start' in part;

const isEndpoint = ({ type, callee }: Node): boolean => type === 'CallExpression' && (callee as { name?: string }).name === 'endpoint';

function cutDown(code: string, definition: Node): string {
  const kept = (definition.properties as Node[]).flatMap(({ type, key, start, end }) => {
    const name = (key as { name?: string } | undefined)?.name ?? '';
    // What is spread in could be anything: it would slip through.
    if (type !== 'Property') throw new Error(`an endpoint is written out whole: ${code.slice(start, end)}`);
    if (!asked.includes(name)) return [];
    return name === 'body' ? ['body: true'] : [code.slice(start, end)];
  });
  return `{ ${kept.join(', ')} }`;
}
