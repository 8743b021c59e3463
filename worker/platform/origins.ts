/** Which web pages may write here or open a socket. */
import type { Env } from '../env.ts';

/** True for one of `ALLOWED_ORIGINS`. */
export const isListedOrigin = (env: Pick<Env, 'ALLOWED_ORIGINS'>, origin: string): boolean =>
  env.ALLOWED_ORIGINS.split(',').some((listed) => listed.trim() === origin);

/** Native apps send no Origin and are let in; a page's must be listed. */
export const mayConnect = (env: Pick<Env, 'ALLOWED_ORIGINS'>, request: Request): boolean => {
  const origin = request.headers.get('Origin');
  return origin === null || isListedOrigin(env, origin);
};
