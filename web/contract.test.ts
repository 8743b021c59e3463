import { parseAst } from 'vite';
import { expect, test } from 'vitest';
import { askingOnly, madeOnly, type Node } from './contract.ts';

const cut = (code: string): string => askingOnly(code, parseAst(code) as unknown as Node);

test('an endpoint keeps how it is asked, and that it has a body; its schemas and words go', () => {
  const code = `
    const params = z.strictObject({ id });
    export const place = endpoint({ name: 'place', method: 'POST', path: '/calls/:id', tag: 'calls', summary: 'Ring', access: 'call.place',
      idempotencyKey: true, params, query: z.strictObject(page), body: z.strictObject({ media: z.enum(['audio']) }),
      status: 201, answer: z.object({ call }), errors: ['blocked'] });
    export const media = z.enum(['audio', 'video']);
    export const read = endpoint({ name: 'read', method: 'GET', path: '/calls', access: 'public', status: 200, answer: page(call) });`;
  expect(cut(code)).toBe(`
    const params = z.strictObject({ id });
    export const place = endpoint({ method: 'POST', path: '/calls/:id', access: 'call.place', idempotencyKey: true, body: true });
    export const media = z.enum(['audio', 'video']);
    export const read = endpoint({ method: 'GET', path: '/calls', access: 'public' });`);
});

test('what takes bytes says which', () => {
  const bytes = `bytes: { types: ['image/jpeg'], max: 10, unread: true }`;
  expect(cut(`endpoint({ method: 'PUT', path: '/p', access: 'signed_in', ${bytes}, answer: z.null() })`)).toBe(
    `endpoint({ method: 'PUT', path: '/p', access: 'signed_in', ${bytes} })`,
  );
});

test('an endpoint that is not written out is refused, because something of it could be lost or slip through', () => {
  expect(() => cut(`endpoint({ ...common, method: 'GET' })`)).toThrow('written out whole');
});

test('what is made at the top level can be left out where nobody uses it, however it is written', () => {
  const code = `const word = z.string().check(z.minLength(1));
export const id = idOf('usr'), many = 3;
export const query = { limit: wholeNumber(1, 100) };
export const page = (item) => z.object({ items: z.array(item) });`;
  expect(madeOnly(code, parseAst(code) as unknown as Node)).toBe(`const word = /* @__PURE__ */ (() => (z.string().check(z.minLength(1))))();
export const id = /* @__PURE__ */ (() => (idOf('usr')))(), many = 3;
export const query = /* @__PURE__ */ (() => ({ limit: wholeNumber(1, 100) }))();
export const page = (item) => z.object({ items: z.array(item) });`);
});
