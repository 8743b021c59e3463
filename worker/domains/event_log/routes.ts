import { type App, serve } from '../../platform/serve.ts';
import { readAudit } from '../../protocol/http/admin.ts';
import { readAuditPage } from './service.ts';

export function mountEventLog(app: App): void {
  serve(app, readAudit, ({ ctx, query }) => readAuditPage(ctx, query));
}
