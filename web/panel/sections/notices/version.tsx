/** What is said of one kind on one channel: a version, how readers see it, the others; publishing and retiring. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Template, TemplateLine } from '../../../../worker/protocol/http/templates.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useGo, usePathId, useQueryText } from '../../address.ts';
import { Dialog } from '../../desk/dialog.tsx';
import { Diff } from '../../desk/diff.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { Nothing, Unread } from '../../desk/nothing.tsx';
import { StateMark, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { useChanging } from './changing.ts';
import { Previews } from './preview.tsx';
import { lineAt, useLines, useVersions } from './reading.ts';
import { placeOf, placeWords, textLines } from './said.ts';
import './notices.css';

/** `?version=` names one; without it the one in force. */
export default function VersionPage() {
  const id = usePathId();
  const place = placeOf(id);
  const [query] = useQueryText();
  const lines = useLines();
  const versions = useVersions(place);
  // Held here, so that it is still said when another version has come.
  const [done, setDone] = useState<Done | null>(null);
  if (!place) return <Nothing />;
  if (lines.isError) return <Unread error={lines.error} onRetry={() => void lines.refetch()} />;
  if (versions.isError) return <Unread error={versions.error} onRetry={() => void versions.refetch()} />;
  if (!lines.data || !versions.data) return <Waiting />;
  const line = lineAt(lines.data, place);
  const wanted = query.version === undefined ? undefined : Number(query.version);
  const shown = versions.data.find(({ version, state }) => (wanted === undefined ? state === 'published' : version === wanted));
  if (!line || !shown) return <Nothing />;
  return <Version key={shown.version} id={id} line={line} shown={shown} versions={versions.data} done={done} onDone={setDone} />;
}

interface VersionProps {
  readonly id: string;
  readonly line: TemplateLine;
  readonly shown: Template;
  readonly versions: readonly Template[];
  readonly done: Done | null;
  readonly onDone: (what: Done) => void;
}

function Version({ id, line, shown, versions, done, onDone }: VersionProps) {
  const { me } = useSession();
  const { t } = useWords();
  const go = useGo();
  const [asking, setAsking] = useState<'publish' | 'retire' | null>(null);
  const { inForce } = line;
  const outdated = shown.state === 'draft' && versions.some(({ version, publishedAt }) => publishedAt !== null && version > shown.version);
  const mayDraft = me.permissions.includes('template.edit');
  const mayPublish = shown.state === 'draft' && !outdated && me.permissions.includes('template.publish');
  const mayRetire = shown.id !== null && shown.state !== 'retired' && me.permissions.includes('template.publish');
  const name = { name: placeWords(t, line), version: shown.version };
  const show = (version: number): void => go(`/notices/words/${id}`, { version: String(version) });
  const edit = (): void => go(`/notices/words/${id}/edit`, { from: String(shown.version) });
  useCommand({ keys: 'Escape', label: t('notices.back'), group: 'here', run: () => go('/notices') });
  useCommand({ keys: 'n', label: t('tariffs.next'), group: 'here', run: edit }, mayDraft);
  const changing = useChanging({ line, show, onDone });
  return (
    <div className="stack-tight">
      <div className="head">
        <div>
          <p className="crumbs">
            <Link to="/notices">{t('sections.notices')}</Link>
          </p>
          <h1>
            {t('tariffs.nameOf', name)} <StateMark state={shown.state} />
          </h1>
          <p className="soft mono">{shown.id ?? t('notices.builtIn')}</p>
        </div>
        <span className="row-tight">
          {mayDraft && (
            <Link className="act" to="/notices/words/$id/edit" params={{ id }} search={{ from: String(shown.version) } as never}>
              {t('tariffs.next')} <Keys of="n" />
            </Link>
          )}
          {mayRetire && (
            <button type="button" className="act stop" onClick={() => setAsking('retire')}>
              {t(shown.state === 'draft' ? 'tariffs.discard' : 'notices.retire')}
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
      {outdated && <p className="note warn">{t('tariffs.outdated')}</p>}
      <div className="two">
        <div className="stack">
          <section className="stack-tight" aria-labelledby="texts">
            <h2 id="texts">{t('notices.texts')}</h2>
            <dl className="terms words">
              {[...textLines(t, shown.texts)].map(([what, text]) => (
                <div key={what}>
                  <dt>{what}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
          <section className="stack-tight" aria-labelledby="versions">
            <h2 id="versions">{t('notices.versions')}</h2>
            <ul className="lines">
              {versions.map(({ version, state, id: of, publishedAt, createdAt }) => {
                const at = publishedAt ?? createdAt;
                return (
                  <li key={version}>
                    <Link
                      to="/notices/words/$id"
                      params={{ id }}
                      search={{ version: String(version) } as never}
                      aria-current={version === shown.version ? 'true' : undefined}
                      activeProps={{}}
                    >
                      {t('tariffs.versionOf', { version })}
                    </Link>{' '}
                    <StateMark state={state} /> {of === null ? t('notices.builtIn') : at && <When at={at} />}
                  </li>
                );
              })}
            </ul>
          </section>
        </div>
        <Previews line={line} texts={shown.texts} />
      </div>
      {asking === 'publish' && (
        <Dialog
          title={t('publish.title', name)}
          confirm={t('tariffs.publish')}
          onClose={() => setAsking(null)}
          onConfirm={() => changing.publish(shown)}
        >
          <p>{t('notices.publishLead', { version: inForce.version })}</p>
          <Diff before={textLines(t, inForce.texts)} after={textLines(t, shown.texts)} />
        </Dialog>
      )}
      {asking === 'retire' && (
        <Dialog
          title={t(shown.state === 'draft' ? 'retire.titleDraft' : 'retire.title', name)}
          confirm={t(shown.state === 'draft' ? 'tariffs.discard' : 'notices.retire')}
          danger
          onClose={() => setAsking(null)}
          onConfirm={() => changing.retire(shown)}
        >
          <p>{t(shown.state === 'draft' ? 'retire.leadDraft' : 'notices.retireLead')}</p>
        </Dialog>
      )}
    </div>
  );
}
