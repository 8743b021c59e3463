/** A form as Stripe takes it: `line_items[0][price]=price_1&expand[]=customer` stands for an object in objects and lists. */

export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = { [name: string]: FormValue };

const MAX_DEPTH = 8;

/** Reads pairs in any order. What is both text and object, or too deep, is null. */
export function readForm(text: string): Form | null {
  const root: Form = Object.create(null) as Form;
  for (const [key, value] of new URLSearchParams(text)) {
    const path = pathOf(key);
    if (!path || !put(root, path, value)) return null;
  }
  return listed(root) as Form;
}

/** `a[b][0]` → `a`, `b`, `0`; an empty one stands for the next of a list. */
function pathOf(key: string): string[] | null {
  const [, first, rest = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key) ?? [];
  if (first === undefined) return null;
  const path = [first, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, name = '']) => name)];
  return path.length > MAX_DEPTH ? null : path;
}

function put(root: Form, path: readonly string[], value: string): boolean {
  let at: Form = root;
  for (const [n, part] of path.entries()) {
    const name = part === '' ? String(Object.keys(at).length) : part;
    if (n === path.length - 1) {
      if (name in at) return false;
      at[name] = value;
      return true;
    }
    at[name] ??= Object.create(null) as Form;
    const next = at[name];
    if (typeof next === 'string' || Array.isArray(next) || next === undefined) return false;
    at = next;
  }
  return false;
}

/** Objects whose names are 0, 1, 2 … become lists. */
function listed(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const names = Object.keys(value);
  const isList = names.length > 0 && names.every((_, n) => String(n) in value);
  if (isList) return names.map((_, n) => listed(value[String(n)] as FormValue));
  return Object.fromEntries(names.map((name) => [name, listed(value[name] as FormValue)]));
}
