/** The companions' service worker: it tells of calls and messages while the desk is closed, and keeps nothing. */
import { tellByPush } from '../client/push/service-worker.ts';

tellByPush('portal', '/portal');
