import { type App, serve } from '../../platform/serve.ts';
import * as templates from '../../protocol/http/templates.ts';
import { timeZonesOf } from '../profile/service.ts';
import { previewOf } from './previewing.ts';
import { draftTemplate, listTemplates, listTemplateVersions, publishTemplate, retireTemplate } from './templates.ts';

export function mountTemplates(app: App): void {
  serve(app, templates.listTemplates, async ({ ctx }) => ({ items: await listTemplates(ctx) }));

  serve(app, templates.listTemplateVersions, ({ ctx, params, query }) => listTemplateVersions(ctx, { ...params, ...query }));

  serve(app, templates.draftTemplate, async ({ ctx, body, principal }) => ({
    template: await draftTemplate(ctx, { ...body, actor: principal.userId }),
  }));

  serve(app, templates.publishTemplate, async ({ ctx, params, principal }) => ({
    template: await publishTemplate(ctx, { id: params.id, actor: principal.userId }),
  }));

  serve(app, templates.retireTemplate, async ({ ctx, params, principal }) => ({
    template: await retireTemplate(ctx, { id: params.id, actor: principal.userId }),
  }));

  serve(app, templates.previewTemplate, async ({ ctx, body, principal }) => {
    const zones = await timeZonesOf(ctx, [principal.userId]);
    return previewOf(ctx, principal, zones.get(principal.userId) ?? 'UTC', body);
  });
}
