import { type App, serve } from '../../platform/serve.ts';
import * as tariffs from '../../protocol/http/tariffs.ts';
import { previewErrors, previewOf } from './preview.ts';
import { draftTariff, listTariffs, publishTariff, readTariff, refuseIfWrong, retireTariff, wrongTerms } from './service.ts';

export function mountBilling(app: App): void {
  serve(app, tariffs.listTariffs, ({ ctx, query }) => listTariffs(ctx, query));

  serve(app, tariffs.readTariff, async ({ ctx, params }) => ({ tariff: await readTariff(ctx, params.id) }));

  serve(app, tariffs.draftTariff, async ({ ctx, body: { replaces, seenVersion, ...terms }, principal }) => ({
    tariff: await draftTariff(ctx, { terms, replaces, seenVersion, actor: principal.userId }),
  }));

  serve(app, tariffs.publishTariff, async ({ ctx, params, principal }) => ({
    tariff: await publishTariff(ctx, { id: params.id, actor: principal.userId }),
  }));

  serve(app, tariffs.retireTariff, async ({ ctx, params, principal }) => ({
    tariff: await retireTariff(ctx, { id: params.id, actor: principal.userId }),
  }));

  serve(app, tariffs.previewTariff, async ({ ctx, body: { tariff, durationSeconds } }) => {
    refuseIfWrong((await wrongTerms(ctx, tariff)).map(({ path, message }) => ({ path: `tariff.${path}`, message })));
    const preview = previewOf(tariff, durationSeconds);
    refuseIfWrong(previewErrors(preview));
    return preview;
  });
}
