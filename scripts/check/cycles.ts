/**
 * Import cycles, one per knot: strongly connected parts (Tarjan). Types count too, but in `tests/`: parts of one simulated
 * world know each other's types.
 */
import type { Tree } from './tree.ts';

/** Each cycle as the files of its shortest round trip. */
export function cyclesOf(tree: Tree): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const knots: string[][] = [];

  const targets = (path: string): string[] =>
    (tree.files.get(path)?.edges ?? []).flatMap((edge) =>
      edge.to && tree.files.has(edge.to) && !(edge.typeOnly && path.startsWith('tests/')) ? [edge.to] : [],
    );

  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path) as number);
    stack.push(path);
    onStack.add(path);
    for (const to of targets(path)) {
      if (!index.has(to)) visit(to);
      if (onStack.has(to)) low.set(path, Math.min(low.get(path) as number, low.get(to) as number));
    }
    if (low.get(path) !== index.get(path)) return;
    const knot = stack.splice(stack.indexOf(path));
    for (const member of knot) onStack.delete(member);
    if (knot.length > 1 || targets(path).includes(path)) knots.push(knot);
  };
  for (const path of tree.files.keys()) if (!index.has(path)) visit(path);
  return knots.map((knot) => roundTrip(knot, targets));
}

/** The shortest way from the knot's first file (by name) back to itself. */
function roundTrip(knot: readonly string[], targets: (path: string) => string[]): string[] {
  const members = new Set(knot);
  const start = [...knot].sort()[0] as string;
  const queue: string[][] = [[start]];
  const seen = new Set<string>();
  for (let way = queue.shift(); way; way = queue.shift()) {
    for (const to of targets(way.at(-1) as string)) {
      if (to === start) return way;
      if (!members.has(to) || seen.has(to)) continue;
      seen.add(to);
      queue.push([...way, to]);
    }
  }
  return [...knot];
}
