/** Drafting the next version of words: both languages, and beside them what readers would get. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useDeferredValue, useMemo, useState } from 'react';
import { draftTemplate, type Template, type TemplateLine } from '../../../../worker/protocol/http/templates.ts';
import { ApiProblem, isProblem } from '../../../client/problem.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useGo, usePathId, useQueryText } from '../../address.ts';
import { Nothing, Unread } from '../../desk/nothing.tsx';
import { useWords } from '../../words.ts';
import { draftOf, textsOf } from './draft.ts';
import { Fields } from './fields.tsx';
import { Previews, useWrong } from './preview.tsx';
import { lineAt, templateKeys, useLines, useVersions } from './reading.ts';
import { idOfPlace, placeOf, placeWords } from './said.ts';
import './notices.css';

/** `?from=` names the version it begins with; without it the one in force. */
export default function Editor() {
  const place = placeOf(usePathId());
  const [query] = useQueryText();
  const { me } = useSession();
  const lines = useLines();
  const versions = useVersions(place);
  if (!place || !me.permissions.includes('template.edit')) return <Nothing />;
  if (lines.isError) return <Unread error={lines.error} onRetry={() => void lines.refetch()} />;
  if (versions.isError) return <Unread error={versions.error} onRetry={() => void versions.refetch()} />;
  if (!lines.data || !versions.data) return <Waiting />;
  const line = lineAt(lines.data, place);
  const base = versions.data.find(({ version }) => String(version) === query.from) ?? line?.inForce;
  if (!line || !base) return <Nothing />;
  return <Drafting line={line} base={base} newest={Math.max(...versions.data.map(({ version }) => version))} />;
}

function Drafting({ line, base, newest }: { line: TemplateLine; base: Template; newest: number }) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const go = useGo();
  const [seen] = useState(newest);
  const [draft, setDraft] = useState(() => draftOf(base.texts));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const texts = useMemo(() => textsOf(line, draft), [line, draft]);
  const shown = useDeferredValue(texts);
  const live = useWrong(line, shown);
  const told = error instanceof ApiProblem ? error.fields : [];
  const wrong = live.size > 0 ? live : new Map(told.map(({ path, message }) => [path, message]));
  const { kind, channel } = line;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setError(null);
    setBusy(true);
    try {
      const { template } = await api.call(draftTemplate, { body: { kind, channel, texts, seenVersion: seen } });
      await Promise.all(templateKeys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
      go(`/notices/words/${idOfPlace(line)}`, { version: String(template.version) });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
      // After the fields are marked: to the first of them.
      setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    }
  };
  const name = placeWords(t, line);
  return (
    <div className="stack-tight">
      <div className="head">
        <div>
          <p className="crumbs">
            <Link to="/notices/words/$id" params={{ id: idOfPlace(line) }}>
              {name}
            </Link>
          </p>
          <h1>{t('editor.titleNext', { name, version: seen + 1 })}</h1>
        </div>
      </div>
      <div className="two">
        <form className="stack" noValidate onSubmit={(event) => void save(event)}>
          <Fields line={line} draft={draft} onChange={setDraft} wrong={wrong} />
          {error !== null && (
            <ProblemNote error={error}>
              {isProblem(error, 'version_conflict') && (
                <Link to="/notices/words/$id" params={{ id: idOfPlace(line) }}>
                  {t('editor.lookAgain')}
                </Link>
              )}
            </ProblemNote>
          )}
          <div className="line-end sticky">
            <Link className="act" to="/notices/words/$id" params={{ id: idOfPlace(line) }}>
              {t('editor.leave')}
            </Link>
            <button type="submit" className="act go" disabled={busy}>
              {t('editor.save')}
            </button>
          </div>
        </form>
        <Previews line={line} texts={shown} />
      </div>
    </div>
  );
}
