/** What each step of the first visit asks. */
import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Wishes } from '../../../worker/protocol/http/comfort.ts';
import type { BodyOf } from '../../../worker/protocol/http/endpoint.ts';
import { changeMe } from '../../../worker/protocol/http/me.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/call/icons.tsx';
import { DeviceCheck } from '../../ui/device-check.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { TellHere } from '../../ui/push/tell-here.tsx';
import { useSession } from '../../ui/session.tsx';
import { topicKeys, topics, topicWords } from '../../ui/topics.ts';
import { Picks } from '../picks.tsx';

/** What a step does when one goes on: keeps its answer; false where that failed. */
export type Keep = () => Promise<boolean>;

interface StepProps {
  readonly keep: { current: Keep | null };
}

/** Keeps part of one's own profile; what the screens know of it follows. */
export function useKeepMe() {
  const { api } = useSession();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const save = async (body: BodyOf<typeof changeMe>): Promise<boolean> => {
    setError(null);
    try {
      queries.setQueryData(['me'], (await api.call(changeMe, { body })).user);
      return true;
    } catch (thrown) {
      setError(thrown);
      return false;
    }
  };
  return { save, error };
}

export function NameStep({ keep }: StepProps) {
  const { t } = useTranslation();
  const { me } = useSession();
  const { save, error } = useKeepMe();
  const [name, setName] = useState(me.public.displayName);
  const [missing, setMissing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  keep.current = async () => {
    const typed = name.trim();
    setMissing(typed === '');
    if (typed === '') {
      input.current?.focus();
      return false;
    }
    return typed === me.public.displayName || save({ public: { displayName: typed } });
  };
  return (
    <>
      <TextInput
        ref={input}
        label={t('first.name.field')}
        autoComplete="given-name"
        maxLength={60}
        value={name}
        error={missing ? t('first.name.missing') : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {error !== null && <ProblemNote error={error} />}
    </>
  );
}

const MOST_TOPICS = 5;

export function TopicsStep({ keep }: StepProps) {
  const { t } = useTranslation();
  const { me } = useSession();
  const { save, error } = useKeepMe();
  const [picked, setPicked] = useState<readonly string[]>(me.public.skills);
  keep.current = () => save({ public: { skills: [...picked] } });
  const values = [...new Set([...topicKeys.map((key) => topics[key]), ...me.public.skills])];
  return (
    <>
      <Picks
        label={t('first.topics.title')}
        options={values.map((value) => [value, topicWords(t, value)])}
        picked={picked}
        most={MOST_TOPICS}
        onPick={(value) => setPicked(picked.includes(value) ? picked.filter((each) => each !== value) : [...picked, value])}
      />
      <p className="soft" role="status">
        {t('first.topics.count', { count: picked.length, most: MOST_TOPICS })}
      </p>
      {error !== null && <ProblemNote error={error} />}
    </>
  );
}

export function PeopleStep({ keep }: StepProps) {
  const { me } = useSession();
  const { save, error } = useKeepMe();
  const [wish, setWish] = useState(me.wishes);
  keep.current = () => save({ wishes: { ...wish, ageBand: bandOf(wish.ageBand) } });
  return (
    <>
      <WishFields wish={wish} onWish={setWish} />
      {error !== null && <ProblemNote error={error} />}
    </>
  );
}

const bands = ['18-29', '30-44', '45-59', '60-74', '75+'] as const;
export const bandOf = (kept: string | null) => bands.find((band) => band === kept) ?? null;
type WishWord = 'audio' | 'video' | 'woman' | 'man' | (typeof bands)[number];

export function WishFields({ wish, onWish }: { wish: Wishes; onWish: (wish: Wishes) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <WishPicks
        label={t('first.people.media')}
        value={wish.media}
        options={['audio', 'video']}
        onPick={(media) => onWish({ ...wish, media })}
      />
      <WishPicks
        label={t('first.people.gender')}
        value={wish.gender}
        options={['woman', 'man']}
        onPick={(gender) => onWish({ ...wish, gender })}
      />
      <WishPicks
        label={t('first.people.age')}
        value={bandOf(wish.ageBand)}
        options={bands}
        onPick={(ageBand) => onWish({ ...wish, ageBand })}
      />
    </>
  );
}

function WishPicks<Value extends WishWord>(props: {
  label: string;
  value: string | null;
  options: readonly Value[];
  onPick: (value: Value | null) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="stack-tight">
      <p className="field-label">{props.label}</p>
      <Picks
        label={props.label}
        options={[['any', t('wish.any')], ...props.options.map((value) => [value, t(`wish.${value as WishWord}`)] as [Value, string])]}
        picked={[(props.value ?? 'any') as Value | 'any']}
        onPick={(value) => props.onPick(value === 'any' ? null : value)}
      />
    </div>
  );
}

type Permission = 'unknown' | 'granted' | 'denied';

/** What the browser will ask, and why; asked only from a tap. */
export function PermissionStep() {
  const { t } = useTranslation();
  const [microphone, setMicrophone] = useState<Permission>('unknown');
  useEffect(() => {
    navigator.permissions?.query({ name: 'microphone' as PermissionName }).then(
      ({ state }) => setMicrophone(state === 'prompt' ? 'unknown' : state),
      () => undefined,
    );
  }, []);
  async function askMicrophone(): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      for (const track of stream.getTracks()) track.stop();
      setMicrophone('granted');
    } catch {
      setMicrophone('denied');
    }
  }
  return (
    <ul className="rows">
      <li className="permission">
        <Icon name="mic" size={34} />
        <div className="grow stack-tight">
          <h2>{t('first.permissions.microphone')}</h2>
          <p>{t('first.permissions.microphoneWhy')}</p>
          {microphone === 'granted' && <p role="status">{t('first.permissions.allowed')}</p>}
          {microphone === 'denied' && <p role="alert">{t('first.permissions.later')}</p>}
          {microphone === 'unknown' && (
            <div>
              <Button variant="default" onClick={() => void askMicrophone()}>
                {t('first.permissions.allowMicrophone')}
              </Button>
            </div>
          )}
        </div>
      </li>
      <li className="permission">
        <Icon name="phone" size={34} />
        <div className="grow stack-tight">
          <h2>{t('tell.title')}</h2>
          <TellHere />
        </div>
      </li>
    </ul>
  );
}

export function DeviceStep() {
  return <DeviceCheck />;
}
