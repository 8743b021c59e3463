/** Handing a conversation to somebody else, or into the queue, with a note for who comes next. */
import { Modal, Textarea } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DeskItem, transferConversation } from '../../../worker/protocol/http/desk.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { Button } from '../../ui/button.tsx';
import { languageWords } from '../../ui/format.ts';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { Caps, useShortcut } from '../keys/keys.tsx';
import { useColleagues, useRenewDesk } from './queries.ts';

const QUEUE = 'queue';

export function Transfer({ item, onClose, onDone }: { item: DeskItem; onClose: () => void; onDone: (words: string) => void }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const renew = useRenewDesk();
  const name = useId();
  const colleagues = useColleagues(item.chatId);
  const [chosen, setChosen] = useState<UserId | typeof QUEUE | null>(null);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState<'who' | 'note' | null>(null);
  const [error, setError] = useState<unknown>(null);
  const people = colleagues.data?.items ?? [];
  const list = useRef<HTMLFieldSetElement>(null);
  const come = colleagues.data !== undefined;
  // The dialog stands before its people have come; the arrows begin with them.
  useEffect(() => {
    if (come) list.current?.querySelector('input')?.focus();
  }, [come]);
  const to = chosen ?? people.find(({ own }) => own)?.person.id ?? null;

  const send = async (): Promise<void> => {
    if (busy) return;
    const wrong = to === null ? 'who' : note.trim() === '' ? 'note' : null;
    setMissing(wrong);
    if (wrong) {
      document.getElementById(wrong === 'who' ? `${name}-${QUEUE}` : `${name}-note`)?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await api.call(transferConversation, { params: { id: item.chatId }, body: { to: to === QUEUE ? null : (to as UserId), note } });
      renew();
      const who = people.find(({ person }) => person.id === to)?.person.displayName;
      onDone(
        who === undefined
          ? t('talks.transfer.doneQueue', { member: item.member.displayName })
          : t('talks.transfer.done', { member: item.member.displayName, name: who }),
      );
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  useShortcut('keep', () => void send());

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('talks.transfer.title', { name: item.member.displayName })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset className="colleagues" ref={list}>
          <legend>{t('talks.transfer.who')}</legend>
          {colleagues.isPending && <Waiting />}
          {colleagues.isError && <ProblemNote error={colleagues.error} onRetry={() => void colleagues.refetch()} />}
          {people.map(({ person, own, atWork, languages }) => (
            <label key={person.id} className="colleague">
              <input type="radio" name={name} checked={to === person.id} onChange={() => setChosen(person.id)} />
              <Portrait name="" seed={person.portrait ?? person.displayName} size={40} />
              <span className="grow">
                <strong>{person.displayName}</strong>
                <span className="soft">
                  {[
                    own && t('talks.transfer.own', { name: item.member.displayName }),
                    t(atWork ? 'talks.transfer.atWork' : 'talks.transfer.away'),
                    languages.length > 0 && t('talks.transfer.speaks', { languages: languageWords(languages) }),
                  ]
                    .filter((part) => typeof part === 'string')
                    .join(' · ')}
                </span>
              </span>
            </label>
          ))}
          <label className="colleague">
            <input id={`${name}-${QUEUE}`} type="radio" name={name} checked={to === QUEUE} onChange={() => setChosen(QUEUE)} />
            <span className="grow">
              <strong>{t('talks.transfer.queue')}</strong>
              <span className="soft">{t('talks.transfer.queueLead')}</span>
            </span>
          </label>
          {missing === 'who' && (
            <p className="field-error" role="alert">
              {t('talks.transfer.whoMissing')}
            </p>
          )}
        </fieldset>
        <Textarea
          id={`${name}-note`}
          size="md"
          rows={3}
          maxLength={1000}
          label={t('talks.transfer.note')}
          description={t('talks.transfer.noteHint', { name: item.member.displayName })}
          value={note}
          error={missing === 'note' && t('talks.transfer.noteMissing')}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        {error !== null && <ProblemNote error={error} />}
        <div className="row">
          <Button type="submit" size="md" loading={busy}>
            {t('talks.transfer.do')}
            <Caps id="keep" />
          </Button>
          <Button size="md" variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
