/** The public part: what members read, edited beside its preview. */
import { Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeMe, type Me } from '../../../worker/protocol/http/me.ts';
import { Button } from '../../ui/button.tsx';
import { languageWords } from '../../ui/format.ts';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { topicKeys, topics, topicWords } from '../../ui/topics.ts';

const offered = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'nl',
  'pl',
  'pt',
  'ru',
  'uk',
  'tr',
  'ar',
  'zh',
  'ja',
  'hi',
  'el',
  'cs',
  'sv',
  'da',
  'fi',
] as const;
const MAX_TOPICS = 5;

export function Profile() {
  const { me, api } = useSession();
  const queries = useQueryClient();
  const { t } = useTranslation();
  const [form, setForm] = useState(() => formOf(me));
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const changed = JSON.stringify(form) !== JSON.stringify(formOf(me));
  const put = (part: Partial<typeof form>): void => {
    setSaved(false);
    setForm({ ...form, ...part });
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { user } = await api.call(changeMe, { body: { public: form } });
      queries.setQueryData(['me'], user);
      setForm(formOf(user));
      setSaved(true);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="two profile">
      <form
        className="sheet stack-tight"
        aria-label={t('desk.me.public')}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2>{t('desk.me.public')}</h2>
        <p className="soft">{t('desk.me.publicLead')}</p>
        <TextInput
          size="md"
          label={t('desk.me.name')}
          required
          maxLength={60}
          value={form.displayName}
          onChange={(event) => put({ displayName: event.currentTarget.value })}
        />
        <TextInput
          size="md"
          label={t('pronunciation.field')}
          description={t('pronunciation.hint')}
          maxLength={60}
          value={form.pronunciation}
          onChange={(event) => put({ pronunciation: event.currentTarget.value })}
        />
        <Textarea
          size="md"
          label={t('desk.me.about')}
          rows={4}
          maxLength={1000}
          value={form.about}
          onChange={(event) => put({ about: event.currentTarget.value })}
        />
        <fieldset className="flags">
          <legend>{t('desk.me.languages')}</legend>
          {[...new Set([...form.languages, ...offered])].map((tag) => {
            const on = form.languages.includes(tag);
            return (
              <button
                key={tag}
                type="button"
                className="chip"
                aria-pressed={on}
                disabled={on && form.languages.length === 1}
                onClick={() => put({ languages: on ? form.languages.filter((each) => each !== tag) : [...form.languages, tag] })}
              >
                {languageWords([tag])}
              </button>
            );
          })}
        </fieldset>
        <Topics topics={form.skills} onChange={(skills) => put({ skills })} />
        {error !== null && <ProblemNote error={error} />}
        {saved && !changed && (
          <p className="note" role="status">
            {t('desk.saved')}
          </p>
        )}
        <div>
          <Button type="submit" size="md" loading={busy} disabled={!changed || form.displayName.trim() === ''}>
            {t('desk.save')}
          </Button>
        </div>
      </form>
      <section className="stack-tight" aria-label={t('desk.me.preview')}>
        <h2>{t('desk.me.preview')}</h2>
        <article className="sheet person as-seen">
          <Portrait name={form.displayName} seed={me.public.portrait ?? form.displayName} size={290} />
          <div className="person-text stack-tight">
            <h3>{form.displayName}</h3>
            {form.pronunciation !== '' && <p className="soft">{t('pronunciation.said', { how: form.pronunciation })}</p>}
            <p className="presence here">{t('presence.here')}</p>
            {form.about && <p>{form.about}</p>}
            <p className="soft">{t('people.speaks', { languages: languageWords(form.languages) })}</p>
            {form.skills.length > 0 && (
              <ul className="chips">
                {form.skills.map((topic) => (
                  <li key={topic}>{topicWords(t, topic)}</li>
                ))}
              </ul>
            )}
          </div>
        </article>
      </section>
    </div>
  );
}

const formOf = ({ public: { displayName, pronunciation, about, languages, skills } }: Me) => ({
  displayName,
  pronunciation: pronunciation ?? '',
  about,
  languages,
  skills,
});

function Topics({ topics: chosen, onChange }: { topics: string[]; onChange: (topics: string[]) => void }) {
  const { t } = useTranslation();
  // What was kept under another name stays until it is taken away.
  const all = [...new Set([...topicKeys.map((key): string => topics[key]), ...chosen])];
  return (
    <fieldset className="flags">
      <legend>
        {t('desk.me.topics')} <span className="soft">{t('desk.me.topicsHint', { count: MAX_TOPICS })}</span>
      </legend>
      {all.map((topic) => {
        const on = chosen.includes(topic);
        return (
          <button
            key={topic}
            type="button"
            className="chip"
            aria-pressed={on}
            disabled={!on && chosen.length >= MAX_TOPICS}
            onClick={() => onChange(on ? chosen.filter((each) => each !== topic) : [...chosen, topic])}
          >
            {topicWords(t, topic)}
          </button>
        );
      })}
    </fieldset>
  );
}
