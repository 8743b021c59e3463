/**
 * Reads one source file as a tree (Oxc, the parser inside Vite: it knows this TypeScript) and lists what the rules of the
 * house ask about: imports, reads of the clock or of chance, SQL that names a table, and tables that it declares.
 */
import { parseSync } from 'vite';

export interface Import {
  /** As written: `../user/service.ts`, `zod/mini`. */
  readonly specifier: string;
  /** True where nothing is left of it at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Mention {
  readonly what: string;
  readonly line: number;
}

export interface Source {
  readonly imports: readonly Import[];
  /** `Date.now`, `new Date()`, `Math.random`, … */
  readonly impurities: readonly Mention[];
  /** Text that may be SQL: string and template literals. */
  readonly texts: readonly Mention[];
  /** Names given to drizzle's `sqliteTable`. */
  readonly tables: readonly string[];
}

/** Any node of the tree; fields are checked where they are read. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Object → the members of it that read the clock or chance. */
const impureMembers: Readonly<Record<string, readonly string[]>> = {
  Date: ['now'],
  Math: ['random'],
  performance: ['now', 'timeOrigin'],
  crypto: ['randomUUID', 'getRandomValues'],
  Temporal: ['Now'],
};
/** Called by name alone. */
const impureCalls = new Set(['setTimeout', 'setInterval', 'setImmediate', 'newId', 'typeid', 'randomUUID', 'getRandomValues']);

/**
 * @param path only its ending matters: `.ts` or `.tsx`
 * @throws Error where the file can't be parsed, with the parser's own words
 */
export function readSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} can't be parsed: ${errors[0]?.message}`);
  const imports: Import[] = [];
  const impurities: Mention[] = [];
  const texts: Mention[] = [];
  const tables: string[] = [];
  const lineOf = lineCounter(text);

  const addImport = (node: Node, source: unknown, typeOnly: boolean): void => {
    if (isNode(source) && typeof source.value === 'string') imports.push({ specifier: source.value, typeOnly, line: lineOf(node.start) });
  };

  const visit = (node: Node): void => {
    switch (node.type) {
      case 'ImportDeclaration':
        addImport(node, node.source, node.importKind === 'type' || allTypes(node.specifiers, 'importKind'));
        return;
      case 'ExportAllDeclaration':
        addImport(node, node.source, node.exportKind === 'type');
        return;
      case 'ExportNamedDeclaration':
        addImport(node, node.source, node.exportKind === 'type' || allTypes(node.specifiers, 'exportKind'));
        break;
      case 'ImportExpression':
        addImport(node, node.source, false);
        break;
      case 'TSImportType':
        addImport(node, node.source ?? node.argument, true);
        break;
      case 'NewExpression':
        if (nameOf(node.callee) === 'Date' && (node.arguments as unknown[]).length === 0)
          impurities.push({ what: 'new Date()', line: lineOf(node.start) });
        break;
      case 'CallExpression': {
        const name = nameOf(node.callee);
        if (name === 'Date') impurities.push({ what: 'Date()', line: lineOf(node.start) });
        if (name !== undefined && impureCalls.has(name)) impurities.push({ what: `${name}()`, line: lineOf(node.start) });
        const [first] = node.arguments as Node[];
        if (name === 'require') addImport(node, first, false);
        if (name === 'sqliteTable' && typeof first?.value === 'string') tables.push(first.value);
        break;
      }
      case 'MemberExpression': {
        const owner = nameOf(globalThisMember(node.object) ?? node.object);
        const member = nameOf(node.property) ?? (isNode(node.property) ? String(node.property.value) : '');
        if (owner !== undefined && impureMembers[owner]?.includes(member))
          impurities.push({ what: `${owner}.${member}`, line: lineOf(node.start) });
        break;
      }
      case 'Literal':
        if (typeof node.value === 'string') texts.push({ what: node.value, line: lineOf(node.start) });
        break;
      case 'TemplateLiteral': {
        const quasis = node.quasis as { value: { cooked: string | null } }[];
        texts.push({ what: quasis.map((part) => part.value.cooked ?? '').join('?'), line: lineOf(node.start) });
        break;
      }
    }
    for (const value of Object.values(node)) {
      if (isNode(value)) visit(value);
      else if (Array.isArray(value)) for (const item of value) if (isNode(item)) visit(item);
    }
  };
  visit(program as unknown as Node);
  return { imports, impurities, texts, tables };
}

const nameOf = (node: unknown): string | undefined => (isNode(node) && node.type === 'Identifier' ? (node.name as string) : undefined);

/** `Date` of `globalThis.Date`. */
function globalThisMember(node: unknown): unknown {
  return isNode(node) && node.type === 'MemberExpression' && nameOf(node.object) === 'globalThis' ? node.property : undefined;
}

/** True where every name is marked `type`; `import './x.ts'` has no names and is there for what it does. */
function allTypes(specifiers: unknown, field: 'importKind' | 'exportKind'): boolean {
  const list = specifiers as Node[];
  return list.length > 0 && list.every((specifier) => specifier[field] === 'type');
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
