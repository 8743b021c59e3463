/** Lists: `?limit=&cursor=` → `{items, nextCursor}`. */
import * as z from 'zod/mini';

/** Query strings are text; a whole number within bounds comes out. */
export const wholeNumber = (min: number, max: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d{1,10}$/, 'must be a whole number')),
    z.pipe(
      z.transform((text: string) => Number(text)),
      z.int().check(z.gte(min), z.lte(max)),
    ),
  );

export const pageQuery = { limit: z.optional(wholeNumber(1, 100)), cursor: z.optional(z.string().check(z.maxLength(200))) };

export const page = <T extends z.ZodMiniType>(item: T) => z.object({ items: z.array(item), nextCursor: z.nullable(z.string()) });
