/** Drafting a tariff: a form, and beside it at once what it costs and earns, against the version it would replace. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { draftTariff, type Tariff } from '../../../../worker/protocol/http/tariffs.ts';
import type { TariffId } from '../../../../worker/protocol/ids.ts';
import { ApiProblem, isProblem } from '../../../client/problem.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useGo, useQueryText } from '../../address.ts';
import { Diff } from '../../desk/diff.tsx';
import { Nothing, Unread } from '../../desk/nothing.tsx';
import { useWords } from '../../words.ts';
import { Form } from './form.tsx';
import { useLine, useTariff } from './reading.ts';
import { Replayed } from './replayed.tsx';
import { emptyTerms, formOf, missingIn, termsOf, termsOnly } from './terms.ts';
import { termLines } from './words.ts';

const Chart = lazy(() => import('./chart.tsx'));

/** `?from=` names the version the draft begins with; its line gets the next version. */
export default function Editor() {
  const [query] = useQueryText();
  const from = query.from as TariffId | undefined;
  const { me } = useSession();
  const base = useTariff(from);
  const versions = useLine(base.data?.lineId);
  if (!me.permissions.includes('tariff.edit')) return <Nothing />;
  if (from === undefined) return <Drafting base={null} newest={null} />;
  if (base.isError) return <Unread error={base.error} onRetry={() => void base.refetch()} />;
  if (versions.isError) return <ProblemNote error={versions.error} onRetry={() => void versions.refetch()} />;
  if (!base.data || !versions.data) return <Waiting />;
  return <Drafting base={base.data} newest={Math.max(...versions.data.items.map(({ version }) => version))} />;
}

function Drafting({ base, newest }: { base: Tariff | null; newest: number | null }) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const go = useGo();
  const [started] = useState({ base, newest });
  const begun = useMemo(() => (started.base ? termsOnly(started.base) : emptyTerms), [started]);
  const [form, setForm] = useState(() => formOf(begun));
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const terms = useMemo(() => termsOf(form, begun), [form, begun]);
  const missing = missingIn(terms);
  const told = error instanceof ApiProblem ? error.fields.map(({ path, message }) => ({ path, message })) : [];
  const wrong = new Map([
    ...(asked ? missing.map((path) => [path, t('editor.number')] as const) : []),
    ...told.map(({ path, message }) => [path, message] as const),
  ]);
  const shown = useDeferredValue(missing.length === 0 ? terms : null);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAsked(true);
    setError(null);
    if (missing.length > 0) {
      // After the fields are marked: to the first of them.
      setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    setBusy(true);
    try {
      const chain = started.base && started.newest !== null ? { replaces: started.base.id, seenVersion: started.newest } : {};
      const { tariff } = await api.call(draftTariff, { body: { ...terms, ...chain } });
      await Promise.all(['tariffs', 'tariff-line'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      go(`/tariffs/${tariff.id}`);
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <div className="stack-tight">
      <div className="head">
        <div>
          <p className="crumbs">
            <Link to="/tariffs">{t('sections.tariffs')}</Link>
          </p>
          <h1>{base ? t('editor.titleNext', { name: base.name, version: (started.newest ?? base.version) + 1 }) : t('tariffs.new')}</h1>
        </div>
      </div>
      <div className="two">
        <form className="stack" noValidate onSubmit={(event) => void save(event)}>
          <Form form={form} onChange={setForm} wrong={wrong} />
          {error !== null && (
            <ProblemNote error={error}>
              {isProblem(error, 'version_conflict') && base && (
                <Link to="/tariffs/$id" params={{ id: base.id }}>
                  {t('editor.lookAgain')}
                </Link>
              )}
              {told.length > 0 && (
                <ul>
                  {told.map(({ path, message }) => (
                    <li key={path}>
                      <span className="mono">{path}</span>: {message}
                    </li>
                  ))}
                </ul>
              )}
            </ProblemNote>
          )}
          <div className="line-end sticky">
            <Link className="act" to={base ? '/tariffs/$id' : '/tariffs'} params={base ? { id: base.id } : {}}>
              {t('editor.leave')}
            </Link>
            <button type="submit" className="act go" disabled={busy}>
              {t('editor.save')}
            </button>
          </div>
        </form>
        <div className="stack">
          <Suspense fallback={<Waiting />}>
            <Chart draft={shown} against={base ? begun : null} />
          </Suspense>
          {base && (
            <section className="stack-tight" aria-labelledby="changes">
              <h2 id="changes">{t('editor.changes', { version: base.version })}</h2>
              <Diff before={termLines(t, begun)} after={termLines(t, terms)} />
            </section>
          )}
          {shown && <Replayed terms={shown} replaces={base?.id ?? null} />}
        </div>
      </div>
    </div>
  );
}
