/** One version of a tariff: its terms, its chart against the version in force, its line; publishing and retiring it. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { draftTariff, publishTariff, retireTariff, type Tariff, type TariffTerms } from '../../../../worker/protocol/http/tariffs.ts';
import type { TariffId } from '../../../../worker/protocol/ids.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useGo, usePathId } from '../../address.ts';
import { Dialog } from '../../desk/dialog.tsx';
import { Diff } from '../../desk/diff.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { Unread } from '../../desk/nothing.tsx';
import { StateMark, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { useLine, useTariff } from './reading.ts';
import { Replayed } from './replayed.tsx';
import { termsOnly } from './terms.ts';
import { termLines } from './words.ts';

const Chart = lazy(() => import('./chart.tsx'));

export default function VersionPage() {
  const id = usePathId<TariffId>();
  const found = useTariff(id);
  const versions = useLine(found.data?.lineId);
  // Held here, so that it is still said when the version that took another's place has come.
  const [done, setDone] = useState<(Done & { readonly of: TariffId }) | null>(null);
  if (found.isError) return <Unread error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Waiting />;
  return (
    <Version
      tariff={found.data}
      versions={versions.data?.items ?? []}
      done={done?.of === id ? done : null}
      onDone={(what, of = id) => setDone({ ...what, of })}
    />
  );
}

interface VersionProps {
  readonly tariff: Tariff;
  readonly versions: readonly Tariff[];
  readonly done: Done | null;
  /** @param of the version it is to be read beside; this one unless named */
  readonly onDone: (what: Done, of?: TariffId) => void;
}

function Version({ tariff, versions, done, onDone }: VersionProps) {
  const { api, me } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const go = useGo();
  const [asking, setAsking] = useState<'publish' | 'retire' | null>(null);
  const [typed, setTyped] = useState('');
  const inForce = versions.find(({ state, id }) => state === 'published' && id !== tariff.id) ?? null;
  const newer = versions.some(({ version, publishedAt }) => publishedAt !== null && version > tariff.version);
  const mayPublish = tariff.state === 'draft' && !newer && me.permissions.includes('tariff.publish');
  const mayRetire = tariff.state !== 'retired' && me.permissions.includes('tariff.publish');
  const mayDraft = me.permissions.includes('tariff.edit');
  const terms = termsOnly(tariff);
  const edit = (): void => go('/tariffs/new', { from: tariff.id });
  useCommand({ keys: 'Escape', label: t('tariffs.back'), group: 'here', run: () => go('/tariffs') });
  useCommand({ keys: 'n', label: t('tariffs.next'), group: 'here', run: edit }, mayDraft);
  const renew = async (): Promise<void> => {
    await Promise.all(['tariff', 'tariffs', 'tariff-line'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  };
  const newest = Math.max(tariff.version, ...versions.map(({ version }) => version));
  /** Versions never change and none comes back: what was is put in force again (or drafted again) as the next one. */
  const again = async (was: TariffTerms, inForceAgain: boolean): Promise<void> => {
    const order = { body: { ...was, replaces: tariff.id, seenVersion: newest } };
    const { tariff: next } = await api.call(draftTariff, order);
    if (inForceAgain) await api.call(publishTariff, { params: { id: next.id } });
    onDone({ said: t(inForceAgain ? 'retire.undone' : 'retire.undoneDraft', { name: next.name, version: next.version }) }, next.id);
    await renew();
    go(`/tariffs/${next.id}`);
  };
  const name = { name: tariff.name, version: tariff.version };
  return (
    <div className="stack-tight">
      <div className="head">
        <div>
          <p className="crumbs">
            <Link to="/tariffs">{t('sections.tariffs')}</Link>
          </p>
          <h1>
            {t('tariffs.nameOf', name)} <StateMark state={tariff.state} />
          </h1>
          <p className="soft mono">{tariff.id}</p>
        </div>
        <span className="row-tight">
          {mayDraft && (
            <Link className="act" to="/tariffs/new" search={{ from: tariff.id } as never}>
              {t('tariffs.next')} <Keys of="n" />
            </Link>
          )}
          {mayRetire && (
            <button type="button" className="act stop" onClick={() => setAsking('retire')}>
              {t(tariff.state === 'draft' ? 'tariffs.discard' : 'tariffs.retire')}
            </button>
          )}
          {mayPublish && (
            <button type="button" className="act go" onClick={() => setAsking('publish')}>
              {t('tariffs.publish')}
            </button>
          )}
        </span>
      </div>
      <DoneNote done={done} />
      {tariff.state === 'draft' && newer && <p className="note warn">{t('tariffs.outdated')}</p>}
      <div className="two">
        <div className="stack">
          <section className="stack-tight" aria-labelledby="terms">
            <h2 id="terms">{t('tariffs.terms')}</h2>
            <dl className="terms">
              {[...termLines(t, terms)].map(([what, value]) => (
                <div key={what}>
                  <dt>{what}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </section>
          <section className="stack-tight" aria-labelledby="line">
            <h2 id="line">{t('tariffs.line')}</h2>
            <ul className="lines">
              {versions.map((version) => (
                <li key={version.id}>
                  <Link to="/tariffs/$id" params={{ id: version.id }} aria-current={version.id === tariff.id ? 'true' : undefined}>
                    {t('tariffs.versionOf', { version: version.version })}
                  </Link>{' '}
                  <StateMark state={version.state} /> <When at={version.publishedAt ?? version.createdAt} />
                </li>
              ))}
            </ul>
          </section>
        </div>
        <div className="stack">
          <Suspense fallback={<Waiting />}>
            <Chart draft={terms} against={inForce && tariff.state === 'draft' ? termsOnly(inForce) : null} />
          </Suspense>
          {tariff.state === 'draft' && <Replayed terms={terms} replaces={inForce?.id ?? null} />}
        </div>
      </div>
      {asking === 'publish' && (
        <Dialog
          title={t('publish.title', name)}
          confirm={t('tariffs.publish')}
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            await api.call(publishTariff, { params: { id: tariff.id } });
            onDone({ said: t('publish.done', name), ...(inForce && mayDraft ? { undo: () => again(termsOnly(inForce), true) } : {}) });
            await renew();
          }}
        >
          <p>{t(inForce ? 'publish.lead' : 'publish.leadFirst', { version: inForce?.version ?? 0 })}</p>
          {inForce && <Diff before={termLines(t, termsOnly(inForce))} after={termLines(t, terms)} />}
        </Dialog>
      )}
      {asking === 'retire' && (
        <Dialog
          title={t(tariff.state === 'draft' ? 'retire.titleDraft' : 'retire.title', name)}
          confirm={t(tariff.state === 'draft' ? 'tariffs.discard' : 'tariffs.retire')}
          danger
          ready={tariff.state === 'draft' || typed.trim() === tariff.name}
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            await api.call(retireTariff, { params: { id: tariff.id } });
            const wasDraft = tariff.state === 'draft';
            onDone({
              said: t(wasDraft ? 'retire.doneDraft' : 'retire.done', name),
              ...(mayDraft ? { undo: () => again(terms, !wasDraft) } : {}),
            });
            await renew();
          }}
        >
          <p>{t(tariff.state === 'draft' ? 'retire.leadDraft' : 'retire.lead')}</p>
          {tariff.state !== 'draft' && (
            <label className="entry">
              <span>{t('retire.type', { name: tariff.name })}</span>
              <input className="field wide" autoComplete="off" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
            </label>
          )}
        </Dialog>
      )}
    </div>
  );
}
