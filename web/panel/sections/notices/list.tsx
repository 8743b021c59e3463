/** Everything the house can say: each kind of notification on each channel, what it says now, and what waits to be published. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { noticeChannel, type TemplateLine } from '../../../../worker/protocol/http/templates.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { Unread } from '../../desk/nothing.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { StateMark, When } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';
import { Parts } from './parts.tsx';
import { useLines } from './reading.ts';
import { idOfPlace, inShort, kindWords } from './said.ts';

export default function Words() {
  const { t } = useWords();
  const { i18n } = useTranslation();
  const [query, setQuery] = useQueryText();
  const lines = useLines();
  const channel = noticeChannel.options.find((known) => known === query.channel);
  const language = i18n.language === 'de' ? 'de' : 'en';
  const saidOf = ({ inForce, channel: by }: TemplateLine): string => {
    const fields = inForce.texts[language] ?? {};
    const both = by === 'push' || by === 'in_app' ? [fields.title, fields.body] : [fields.subject ?? fields.text];
    return both.map(inShort).join(' · ');
  };
  const list = useRowKeys<HTMLTableElement>();
  const table = useTable('notices', [
    {
      name: 'kind',
      title: t('notices.what'),
      always: true,
      draw: (line) => (
        <Link to="/notices/words/$id" params={{ id: idOfPlace(line) }} data-row={idOfPlace(line)}>
          {kindWords(t, line.kind)}
        </Link>
      ),
      plain: ({ kind }) => kind,
    },
    { name: 'channel', title: t('notices.channel'), draw: (line) => t(`notices.by.${line.channel}`), plain: (line) => line.channel },
    { name: 'says', title: t('notices.says'), draw: (line) => <span className="says">{saidOf(line)}</span>, plain: saidOf },
    {
      name: 'version',
      title: t('tariffs.version'),
      draw: ({ inForce }) => (inForce.id === null ? t('notices.builtIn') : inForce.version),
      plain: ({ inForce }) => inForce.version,
    },
    {
      name: 'since',
      title: t('tariffs.effective'),
      draw: ({ inForce }) => (inForce.publishedAt ? <When at={inForce.publishedAt} /> : '–'),
      plain: ({ inForce }) => inForce.publishedAt,
    },
    {
      name: 'draft',
      title: t('notices.waits'),
      draw: ({ draft }) => (draft ? <StateMark state="draft" /> : '–'),
      plain: ({ draft }) => draft?.version ?? null,
    },
  ] satisfies Column<TemplateLine>[]);
  if (lines.isPending) return <Waiting />;
  if (!lines.data) return <Unread error={lines.error} onRetry={() => void lines.refetch()} />;
  const rows = lines.data.filter((line) => channel === undefined || line.channel === channel);
  return (
    <div className="stack-tight">
      <Parts part="words">
        <Choose
          label={t('notices.channel')}
          value={channel}
          options={noticeChannel.options}
          wordOf={(one) => t(`notices.by.${one}`)}
          none={t('any')}
          onChange={(one) => setQuery({ channel: one })}
        />
      </Parts>
      <TableTools of={table} rows={rows} />
      <Rows of={table} rows={rows} idOf={idOfPlace} label={t('notices.part.words')} tableRef={list} />
    </div>
  );
}
