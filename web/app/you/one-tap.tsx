/** Setting up one-tap mode: which faces, and whether their calls answer themselves. */
import { Checkbox, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_ONE_TAP } from '../../../worker/protocol/http/comfort.ts';
import { useComfort } from '../../ui/comfort.tsx';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { Empty } from '../../ui/states.tsx';
import { useGallery } from '../gallery.ts';
import { SubPage } from './sub-page.tsx';

export function OneTapPage() {
  const { t } = useTranslation();
  const { comfort, change, error } = useComfort();
  const { items, isPending, error: trouble, refetch } = useGallery('audio');
  const { on, companions, autoAnswer } = comfort.oneTap;
  const [agreed, setAgreed] = useState(autoAnswer);
  return (
    <SubPage title={t('you.oneTap')} lead={t('oneTap.lead')}>
      {error !== null && <ProblemNote error={error} />}
      <section className="sheet stack" aria-label={t('oneTap.who')}>
        <h2>{t('oneTap.who')}</h2>
        {isPending && <Waiting />}
        {trouble && !items && <ProblemNote error={trouble} onRetry={() => void refetch()} />}
        {items?.length === 0 && <Empty title={t('people.emptyTitle')} />}
        <ul className="rows">
          {items?.map(({ person }) => {
            const chosen = companions.includes(person.id);
            return (
              <li key={person.id}>
                <div className="line">
                  <Portrait name="" seed={person.portrait ?? person.displayName} size={64} />
                  <Checkbox
                    className="grow"
                    label={person.displayName}
                    checked={chosen}
                    disabled={!chosen && companions.length >= MAX_ONE_TAP}
                    onChange={() =>
                      void change({
                        oneTap: { companions: chosen ? companions.filter((id) => id !== person.id) : [...companions, person.id] },
                      })
                    }
                  />
                </div>
              </li>
            );
          })}
        </ul>
      </section>
      <section className="sheet stack" aria-label={t('oneTap.turnOn')}>
        <Switch
          label={t('oneTap.turnOn')}
          description={companions.length === 0 ? t('oneTap.chooseFirst') : t('oneTap.turnOnLead')}
          disabled={companions.length === 0 && !on}
          checked={on}
          onChange={(event) => void change({ oneTap: { on: event.currentTarget.checked } })}
        />
      </section>
      <section className="sheet stack" aria-label={t('oneTap.auto')}>
        <h2>{t('oneTap.auto')}</h2>
        <p>{t('oneTap.autoLead')}</p>
        <Checkbox label={t('oneTap.consent')} checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
        <Switch
          label={t('oneTap.autoOn')}
          disabled={!agreed && !autoAnswer}
          checked={autoAnswer}
          onChange={(event) =>
            void change({ oneTap: event.currentTarget.checked ? { autoAnswer: true, consent: true } : { autoAnswer: false } })
          }
        />
      </section>
    </SubPage>
  );
}
