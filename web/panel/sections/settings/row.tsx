import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type * as z from 'zod/mini';
import { changeSetting, type setting } from '../../../../worker/protocol/http/admin.ts';
import { isProblem } from '../../../client/problem.ts';
import { durationWords } from '../../../ui/format.ts';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { figure, When } from '../../desk/words.tsx';
import { type StaffWords, useWords, wordFor } from '../../words.ts';
import { type Draft, draftOf, type Shape, saidBy, shapeOf } from './draft.ts';
import { undone } from './undo.ts';

type Setting = z.infer<typeof setting>;
/** A value as people read it: a choice and the parts of a record by their words. */
function valueWords(t: StaffWords, value: unknown, shape: Shape): string {
  const { kind, fields } = draftOf(value, shape);
  if (value === null) return t('settings.choice.null');
  if (kind === 'choice') return wordFor(t, `settings.choice.${fields['']}`, String(value));
  if (kind !== 'numbers') return typeof value === 'number' ? figure(value) : JSON.stringify(value);
  return Object.entries(fields)
    .map(([name, text]) => `${wordFor(t, `unit.${name}`, name)} ${figure(Number(text))}`)
    .join(', ');
}
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One setting. Saved against what was seen: where somebody was quicker, nothing is overwritten. */
export function Row({ item }: { item: Setting }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => draftOf(item.value, shapeOf(item)));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const may = me.permissions.includes('settings.edit');
  const said = (one: unknown): string => valueWords(t, one, shapeOf(item));
  const value = saidBy(draft);
  const before = undone.get(item.key);
  const save = async (next: unknown): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await api.call(changeSetting, { params: { key: item.key }, body: { value: next, seenChangedAt: item.changedAt } });
      undone.set(item.key, item.value);
      await queries.invalidateQueries({ queryKey: ['settings'] });
    } catch (thrown) {
      setError(thrown);
      if (isProblem(thrown, 'version_conflict')) await queries.invalidateQueries({ queryKey: ['settings'] });
    } finally {
      setBusy(false);
    }
  };
  return (
    <li>
      <form
        className="setting"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (value !== undefined && !same(value, item.value)) void save(value);
        }}
      >
        <div>
          <strong className="mono">{item.key}</strong>
          <p className="soft">{wordFor(t, `setting.${item.key}`, item.description)}</p>
          <p className="soft small">
            {t('settings.default', { value: said(item.default) })}
            {item.changedAt && (
              <>
                {' · '}
                {t('settings.changed')} <When at={item.changedAt} />
              </>
            )}
          </p>
        </div>
        <div className="row-tight">
          {Object.entries(draft.fields).map(([name, text]) => (
            // biome-ignore lint/a11y/noLabelWithoutControl: the control stands inside, one of two
            <label key={name} className="entry">
              {name !== '' && <span>{wordFor(t, `unit.${name}`, name)}</span>}
              {draft.kind === 'choice' ? (
                <select
                  className="field"
                  aria-label={t('settings.valueOf', { key: item.key })}
                  disabled={!may}
                  value={text}
                  onChange={(event) => setDraft({ ...draft, fields: { [name]: event.currentTarget.value } })}
                >
                  {[...(item.default === null ? ['null'] : []), 'true', 'false'].map((choice) => (
                    <option key={choice} value={choice}>
                      {wordFor(t, `settings.choice.${choice}`, choice)}
                    </option>
                  ))}
                </select>
              ) : (
                <input
                  className={draft.kind === 'number or nothing' ? 'field or-nothing' : 'field figures'}
                  placeholder={draft.kind === 'number or nothing' ? t('settings.choice.null') : undefined}
                  inputMode={draft.kind === 'json' ? 'text' : 'numeric'}
                  aria-label={name === '' ? t('settings.valueOf', { key: item.key }) : undefined}
                  aria-invalid={value === undefined}
                  readOnly={!may}
                  value={text}
                  onChange={(event) => setDraft({ ...draft, fields: { ...draft.fields, [name]: event.currentTarget.value } })}
                />
              )}
            </label>
          ))}
          {item.key.endsWith('Ms') && typeof value === 'number' && <Milliseconds value={value} />}
          {may && (
            <>
              <button type="submit" className="act go" disabled={busy || value === undefined || same(value, item.value)}>
                {t('settings.save')} <span className="unseen">{item.key}</span>
              </button>
              <button
                type="button"
                className="act"
                disabled={busy || same(item.value, item.default)}
                onClick={() => void save(item.default)}
              >
                {t('settings.toDefault')} <span className="unseen">{item.key}</span>
              </button>
            </>
          )}
        </div>
        <div className="setting-said" role="status">
          {before !== undefined && !same(before, item.value) && may && (
            <p className="note">
              {t('settings.saved', { key: item.key, before: said(before), after: said(item.value) })}{' '}
              <button type="button" className="act" disabled={busy} onClick={() => void save(before).then(() => undone.delete(item.key))}>
                {t('undo')}
              </button>
            </p>
          )}
        </div>
        {error !== null && <ProblemNote error={error} />}
      </form>
    </li>
  );
}

function Milliseconds({ value }: { value: number }) {
  const { t } = useTranslation();
  const { t: panel } = useWords();
  return <span className="soft">{value < 1_000 ? panel('settings.ms', { count: value }) : durationWords(t, value / 1_000)}</span>;
}
