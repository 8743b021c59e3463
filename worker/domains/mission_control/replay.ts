/** Calls of the last weeks against a draft: the calls are `video`'s, the prices `billing`'s. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { AnswerOf, BodyOf } from '../../protocol/http/endpoint.ts';
import type { replayTariff, Tariff } from '../../protocol/http/tariffs.ts';
import type { TariffId } from '../../protocol/ids.ts';
import { termsErrors } from '../billing/rules.ts';
import { inForce, refuseIfWrong, replay, tariffById } from '../billing/service.ts';
import { callGroups } from '../video/service.ts';

/**
 * What the calls since a moment come to with a draft in force, beside what they came to with the tariffs they had.
 * @throws Problem `validation_failed` for terms that do not add up, `not_found` for an unknown `replaces`
 */
export async function replayDraft(
  ctx: Context,
  { tariff, replaces, since }: BodyOf<typeof replayTariff>,
): Promise<AnswerOf<typeof replayTariff>> {
  refuseIfWrong(termsErrors(tariff).map(({ path, message }) => ({ path: `tariff.${path}`, message })));
  const replaced = replaces === undefined ? null : await tariffById(ctx, replaces);
  if (replaces !== undefined && !replaced) throw new Problem('not_found', 'There is no tariff that this could replace.');
  const { groups, complete } = await callGroups(ctx, Date.parse(since));
  const had = new Map<string, Tariff>();
  for (const id of new Set(groups.map(({ tariffId }) => tariffId))) {
    const found = await tariffById(ctx, id as TariffId);
    if (found) had.set(id, found);
  }
  const calls = groups.map(({ payerCalled, ...group }) => ({
    ...group,
    direction: payerCalled ? ('member_to_companion' as const) : ('companion_to_member' as const),
  }));
  return { complete, ...replay(calls, had, await inForce(ctx), { terms: tariff, lineId: replaced?.lineId ?? null }) };
}
