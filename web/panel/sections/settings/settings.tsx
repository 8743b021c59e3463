/** What can be turned without a deploy: each setting with its default, a field of its kind, and the way back. */
import { useQuery } from '@tanstack/react-query';
import { listSettings } from '../../../../worker/protocol/http/admin.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { useWords, wordFor } from '../../words.ts';
import { Row } from './row.tsx';

export default function Settings() {
  const { api } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const settings = useQuery({ queryKey: ['settings'], queryFn: ({ signal }) => api.call(listSettings, { signal }) });
  const wanted = (query.search ?? '').toLowerCase();
  const shown =
    settings.data?.items.filter(({ key, description }) =>
      `${key} ${wordFor(t, `setting.${key}`, description)}`.toLowerCase().includes(wanted),
    ) ?? [];
  return (
    <div className="stack-tight">
      <div className="head">
        <h1>{t('sections.settings')}</h1>
        <search className="filters">
          <label>
            {t('settings.search')}{' '}
            <input
              className="field wide"
              type="search"
              value={query.search ?? ''}
              onChange={(event) => setQuery({ search: event.currentTarget.value })}
            />
          </label>
        </search>
      </div>
      {settings.isPending && <Waiting />}
      {settings.isError && !settings.data && <ProblemNote error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.data && shown.length === 0 && <p className="soft pad">{t('settings.none')}</p>}
      <ul className="settings">
        {shown.map((item) => (
          <Row key={`${item.key} ${item.changedAt}`} item={item} />
        ))}
      </ul>
    </div>
  );
}
