/** The panel is a Pages project of its own origin; its way to the API is the same. */
export { onRequest } from '../../../functions/api/[[path]].ts';
