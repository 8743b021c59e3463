/** One's own profile: what others see, and what only we know. */
import { Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { topicKeys, topics, topicWords } from '../../ui/topics.ts';
import { bandOf, useKeepMe, WishFields } from '../onboarding/steps.tsx';
import { Picks } from '../picks.tsx';
import { Photos } from './photos.tsx';
import { SubPage } from './sub-page.tsx';

const MOST_TOPICS = 5;

export function ProfilePage() {
  const { t } = useTranslation();
  return (
    <SubPage title={t('you.profile')}>
      <PublicPart />
      <Photos />
      <WishPart />
      <PrivatePart />
    </SubPage>
  );
}

function PublicPart() {
  const { t } = useTranslation();
  const { me } = useSession();
  const { save, error } = useKeepMe();
  const [name, setName] = useState(me.public.displayName);
  const [pronunciation, setPronunciation] = useState(me.public.pronunciation ?? '');
  const [about, setAbout] = useState(me.public.about);
  const [skills, setSkills] = useState<readonly string[]>(me.public.skills);
  const [saved, setSaved] = useState(false);
  const [busy, setBusy] = useState(false);
  const values = [...new Set([...topicKeys.map((key) => topics[key]), ...me.public.skills])];
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    const written = { displayName: name.trim() || me.public.displayName, pronunciation, about, skills: [...skills] };
    setSaved(await save({ public: written }));
    setBusy(false);
  }
  return (
    <form className="sheet stack" onSubmit={(event) => void submit(event)}>
      <div>
        <h2>{t('profile.public')}</h2>
        <p className="soft">{t('profile.publicLead')}</p>
      </div>
      <TextInput label={t('first.name.field')} maxLength={60} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <TextInput
        label={t('pronunciation.field')}
        description={t('pronunciation.hint')}
        maxLength={60}
        value={pronunciation}
        onChange={(event) => setPronunciation(event.currentTarget.value)}
      />
      <Textarea
        label={t('profile.about')}
        description={t('profile.aboutLead')}
        autosize={false}
        rows={4}
        maxLength={1000}
        value={about}
        onChange={(event) => setAbout(event.currentTarget.value)}
      />
      <div className="stack-tight">
        <p className="field-label">{t('profile.topics')}</p>
        <Picks
          label={t('profile.topics')}
          options={values.map((value) => [value, topicWords(t, value)])}
          picked={skills}
          most={MOST_TOPICS}
          onPick={(value) => setSkills(skills.includes(value) ? skills.filter((each) => each !== value) : [...skills, value])}
        />
      </div>
      {error !== null && <ProblemNote error={error} />}
      <SaveLine busy={busy} saved={saved} />
    </form>
  );
}

function SaveLine({ busy, saved }: { busy: boolean; saved: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="row">
      <Button type="submit" loading={busy}>
        {t('save')}
      </Button>
      <span role="status">{saved ? t('saved') : ''}</span>
    </div>
  );
}

function WishPart() {
  const { t } = useTranslation();
  const { me } = useSession();
  const { save, error } = useKeepMe();
  const [wish, setWish] = useState(me.wishes);
  const [saved, setSaved] = useState(false);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setSaved(await save({ wishes: { ...wish, ageBand: bandOf(wish.ageBand) } }));
    setBusy(false);
  }
  return (
    <form className="sheet stack" id="wishes" onSubmit={(event) => void submit(event)}>
      <div>
        <h2>{t('profile.wishes')}</h2>
        <p className="soft">{t('profile.wishesLead')}</p>
      </div>
      <WishFields wish={wish} onWish={setWish} />
      {error !== null && <ProblemNote error={error} />}
      <SaveLine busy={busy} saved={saved} />
    </form>
  );
}

function PrivatePart() {
  const { t } = useTranslation();
  const { me } = useSession();
  const { save, error } = useKeepMe();
  const [birthDate, setBirthDate] = useState(me.private.birthDate ?? '');
  const [saved, setSaved] = useState(false);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setSaved(
      await save({
        private: { birthDate: birthDate === '' ? null : birthDate, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
      }),
    );
    setBusy(false);
  }
  return (
    <form className="sheet stack" onSubmit={(event) => void submit(event)}>
      <div>
        <h2>{t('profile.private')}</h2>
        <p className="soft">{t('profile.privateLead')}</p>
      </div>
      <dl className="facts">
        {me.private.email && (
          <div>
            <dt>{t('profile.email')}</dt>
            <dd>{me.private.email}</dd>
          </div>
        )}
        {me.private.phone && (
          <div>
            <dt>{t('profile.phone')}</dt>
            <dd>{me.private.phone}</dd>
          </div>
        )}
      </dl>
      <TextInput
        type="date"
        autoComplete="bday"
        label={t('profile.birthDate')}
        description={t('profile.birthDateLead')}
        value={birthDate}
        onChange={(event) => setBirthDate(event.currentTarget.value)}
      />
      {error !== null && <ProblemNote error={error} />}
      <SaveLine busy={busy} saved={saved} />
    </form>
  );
}
