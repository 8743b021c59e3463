/** One's own ready replies: adding, changing, taking away. The house's stand beside them, to be read. */
import { Modal, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addReply, type CannedReply, changeReply, MAX_REPLY, removeReply, replyWord } from '../../../worker/protocol/http/desk.ts';
import { Button } from '../../ui/button.tsx';
import { languageWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useReplies } from './queries.ts';

const languages = ['en', 'de'] as const;

export function Replies({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const replies = useReplies();
  const [editing, setEditing] = useState<CannedReply | 'new' | null>(null);
  const own = replies.data?.items.filter((reply) => reply.own) ?? [];
  const house = replies.data?.items.filter((reply) => !reply.own) ?? [];
  return (
    <Modal opened onClose={onClose} size="lg" title={t('talks.replies.manage')} closeButtonProps={{ 'aria-label': t('close') }}>
      <div className="stack">
        <p className="soft">{t('talks.replies.lead')}</p>
        {replies.isPending && <Waiting />}
        {replies.isError && <ProblemNote error={replies.error} onRetry={() => void replies.refetch()} />}
        {editing === 'new' ? (
          <ReplyForm reply={null} onDone={() => setEditing(null)} />
        ) : (
          <div>
            <Button size="md" data-autofocus onClick={() => setEditing('new')}>
              {t('talks.replies.add')}
            </Button>
          </div>
        )}
        <h3>{t('talks.replies.yours')}</h3>
        {own.length === 0 && <p className="soft">{t('talks.replies.yoursNone')}</p>}
        <ul className="reply-rows">
          {own.map((reply) => (
            <li key={reply.id}>
              {editing !== 'new' && editing?.id === reply.id ? (
                <ReplyForm reply={reply} onDone={() => setEditing(null)} />
              ) : (
                <ReplyRow reply={reply} onEdit={() => setEditing(reply)} />
              )}
            </li>
          ))}
        </ul>
        {house.length > 0 && (
          <>
            <h3>{t('talks.replies.houses')}</h3>
            <ul className="reply-rows">
              {house.map((reply) => (
                <li key={reply.id}>
                  <ReplyRow reply={reply} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Modal>
  );
}

function ReplyRow({ reply, onEdit }: { reply: CannedReply; onEdit?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="reply-row">
      <p className="grow">
        <strong>/{reply.word}</strong>
        {reply.language && <span className="soft"> {languageWords([reply.language])}</span>}
        <span className="words">{reply.text}</span>
      </p>
      {onEdit && (
        <Button size="md" variant="default" onClick={onEdit} aria-label={t('talks.replies.changeWhich', { word: reply.word })}>
          {t('talks.replies.change')}
        </Button>
      )}
    </div>
  );
}

function ReplyForm({ reply, onDone }: { reply: CannedReply | null; onDone: () => void }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [word, setWord] = useState(reply?.word ?? '');
  const [language, setLanguage] = useState(reply?.language ?? '');
  const [text, setText] = useState(reply?.text ?? '');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<'word' | 'text' | null>(null);
  const [error, setError] = useState<unknown>(null);
  const carry = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: ['desk', 'replies'] });
      onDone();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  const keep = (): void => {
    const plain = word.trim().replace(/^\//, '');
    const fails = !replyWord.safeParse(plain).success ? 'word' : text.trim() === '' ? 'text' : null;
    setWrong(fails);
    if (fails) return;
    const body = { word: plain, text, language: language === '' ? null : language };
    void carry(() => (reply ? api.call(changeReply, { params: { id: reply.id }, body }) : api.call(addReply, { body })));
  };
  return (
    <form
      className="stack-tight reply-form"
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <div className="reply-fields">
        <TextInput
          size="md"
          data-autofocus
          label={t('talks.replies.word')}
          description={t('talks.replies.wordHint')}
          maxLength={31}
          value={word}
          error={wrong === 'word' && t('talks.replies.wordWrong')}
          onChange={({ currentTarget }) => setWord(currentTarget.value)}
        />
        <label className="field-label">
          {t('talks.replies.language')}
          <select className="plain-select" value={language} onChange={({ currentTarget }) => setLanguage(currentTarget.value)}>
            <option value="">{t('talks.replies.anyLanguage')}</option>
            {languages.map((each) => (
              <option key={each} value={each}>
                {languageWords([each])}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Textarea
        size="md"
        rows={3}
        maxLength={MAX_REPLY}
        label={t('talks.replies.text')}
        description={t('talks.replies.textHint', { slot: '{name}' })}
        value={text}
        error={wrong === 'text' && t('talks.replies.textWrong')}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {error !== null && <ProblemNote error={error} />}
      <div className="row">
        <Button type="submit" size="md" loading={busy}>
          {t('desk.save')}
        </Button>
        <Button size="md" variant="default" onClick={onDone}>
          {t('cancel')}
        </Button>
        {reply && (
          <Button
            size="md"
            variant="default"
            className="to-end"
            disabled={busy}
            onClick={() => void carry(() => api.call(removeReply, { params: { id: reply.id } }))}
          >
            {t('talks.replies.remove')}
          </Button>
        )}
      </div>
    </form>
  );
}
