/** The switch that keeps plans off one platform and on the others; a plan that somebody has runs on wherever they bought it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeSetting, listSettings } from '../../../../worker/protocol/http/admin.ts';
import { type Platform, platform } from '../../../../worker/protocol/http/shop.ts';
import { isProblem } from '../../../client/problem.ts';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { useWords } from '../../words.ts';

type Where = Readonly<Record<Platform, boolean>>;
const KEY = 'shop.subscriptions';

export function WherePlans() {
  const { api, me } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [done, setDone] = useState<Done | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const settings = useQuery({ queryKey: ['settings'], queryFn: ({ signal }) => api.call(listSettings, { signal }) });
  const found = settings.data?.items.find(({ key }) => key === KEY);
  if (!found) return null;
  const where = found.value as Where;
  const save = async (next: Where, said: string, seenChangedAt: string | null): Promise<string | null> => {
    const { setting } = await api.call(changeSetting, { params: { key: KEY }, body: { value: next, seenChangedAt } });
    await queries.invalidateQueries({ queryKey: ['settings'] });
    setDone({ said });
    return setting.changedAt;
  };
  const turn = async (on: Platform): Promise<void> => {
    setBusy(true);
    setError(null);
    const name = t(`shop.platform.${on}`);
    try {
      const since = await save({ ...where, [on]: !where[on] }, '', found.changedAt);
      setDone({
        said: t(where[on] ? 'shop.plansOff' : 'shop.plansOn', { platform: name }),
        undo: async () => void (await save(where, t('shop.plansBack', { platform: name }), since)),
      });
    } catch (thrown) {
      setError(thrown);
      if (isProblem(thrown, 'version_conflict')) await queries.invalidateQueries({ queryKey: ['settings'] });
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="where-plans" aria-labelledby="where-plans">
      <h2 id="where-plans" className="small-head">
        {t('shop.wherePlans')}
      </h2>
      {platform.options.map((on) => (
        <label key={on} className="tick">
          <input
            type="checkbox"
            checked={where[on]}
            disabled={busy || !me.permissions.includes('settings.edit')}
            onChange={() => void turn(on)}
          />{' '}
          {t(`shop.platform.${on}`)}
        </label>
      ))}
      <DoneNote done={done} />
      {error !== null && <ProblemNote error={error} />}
    </section>
  );
}
