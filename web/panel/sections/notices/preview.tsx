/** What readers get of words, in each language, made by the server as it makes the real thing. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type AppLanguage, appLanguage } from '../../../../worker/protocol/http/comfort.ts';
import { type NoticeTexts, previewTemplate, type TemplateLine } from '../../../../worker/protocol/http/templates.ts';
import { ApiProblem } from '../../../client/problem.ts';
import { ProblemNote, Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { Choose } from '../../desk/choose.tsx';
import { useWords } from '../../words.ts';
import { type Preview, Seen } from './seen.tsx';

const counts = ['1', '3', '12'] as const;

/** What the server says is wrong with words; empty where they can be sent or are still being looked at. */
export function useWrong(line: TemplateLine, texts: NoticeTexts): ReadonlyMap<string, string> {
  const { error } = useSeen(line, texts, 'en', 3);
  const fields = error instanceof ApiProblem ? error.fields : [];
  return new Map(fields.map(({ path, message }) => [path, message]));
}

function useSeen({ kind, channel, counts: counted }: TemplateLine, texts: NoticeTexts, language: AppLanguage, count: number) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['template-preview', kind, channel, texts, language, counted === null ? null : count],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) =>
      api.call(previewTemplate, { body: { kind, channel, texts, language, ...(counted === null ? {} : { count }) }, signal }),
  });
}

/** @param props.texts as they stand; while they can't be sent, what they said before stays */
export function Previews({ line, texts }: { line: TemplateLine; texts: NoticeTexts }) {
  const { t } = useWords();
  const [count, setCount] = useState<(typeof counts)[number]>('3');
  return (
    <section className="stack-tight" aria-labelledby="preview">
      <div className="head">
        <h2 id="preview">{t('notices.preview')}</h2>
        {line.counts !== null && (
          <Choose
            label={t('notices.counted')}
            value={count}
            options={counts}
            wordOf={(one) => one}
            onChange={(one) => setCount(one ?? '3')}
          />
        )}
      </div>
      <p className="soft small">{t('notices.previewLead')}</p>
      <div className="previews">
        {appLanguage.options.map((language) => (
          <div key={language}>
            <h3>{t(`notices.language.${language}`)}</h3>
            <One line={line} texts={texts} language={language} count={Number(count)} />
          </div>
        ))}
      </div>
    </section>
  );
}

function One({ line, texts, language, count }: { line: TemplateLine; texts: NoticeTexts; language: AppLanguage; count: number }) {
  const { t } = useWords();
  const seen = useSeen(line, texts, language, count);
  const [last, setLast] = useState<Preview | null>(null);
  if (seen.data && seen.data !== last) setLast(seen.data);
  const wrong = seen.error instanceof ApiProblem && seen.error.fields.length > 0;
  const preview = seen.data ?? last;
  if (seen.isError && !wrong) return <ProblemNote error={seen.error} onRetry={() => void seen.refetch()} />;
  if (!preview) return wrong ? <p className="soft">{t('notices.notYet')}</p> : <Waiting />;
  return (
    <div className="stack-tight">
      {wrong && <p className="note warn">{t('notices.before')}</p>}
      <Seen channel={line.channel} preview={preview} language={language} />
    </div>
  );
}
