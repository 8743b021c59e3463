import type * as z from 'zod/mini';
import type { shift } from '../../../worker/protocol/http/me.ts';

export type Shift = z.infer<typeof shift>;
export type { Workday } from '../../../worker/protocol/http/me.ts';
