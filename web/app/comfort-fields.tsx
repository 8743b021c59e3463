/** The choices of how the app shows itself: on the first visit and among the settings, applied while one chooses. */
import { SegmentedControl, Switch } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/call/icons.tsx';
import { useComfort } from '../ui/comfort.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { TellHere } from '../ui/push/tell-here.tsx';
import { ring } from '../ui/sound.ts';

const sizes = [100, 125, 150, 200] as const;

/** @param brief only what a first visit needs */
export function ComfortFields({ brief = false }: { brief?: boolean }) {
  const { t } = useTranslation();
  const { comfort, change, error } = useComfort();
  return (
    <div className="stack">
      {error !== null && <ProblemNote error={error} />}
      <Choice
        label={t('comfort.language')}
        value={comfort.language ?? 'device'}
        options={[
          ['device', t('comfort.languageDevice')],
          ['en', 'English'],
          ['de', 'Deutsch'],
        ]}
        onChange={(value) => void change({ language: value === 'en' || value === 'de' ? value : null })}
      />
      <Choice
        label={t('comfort.textSize')}
        value={String(comfort.textSize)}
        options={sizes.map((size) => [String(size), t(`comfort.size${size}`)])}
        onChange={(value) => void change({ textSize: Number(value) })}
      />
      <Switch
        label={t('comfort.contrast')}
        description={t('comfort.contrastLead')}
        checked={comfort.contrast === 'high'}
        onChange={(event) => void change({ contrast: event.currentTarget.checked ? 'high' : 'normal' })}
      />
      <Switch
        label={t('comfort.captions')}
        description={t('comfort.captionsLead')}
        checked={comfort.captions}
        onChange={(event) => void change({ captions: event.currentTarget.checked })}
      />
      {!brief && (
        <>
          <Switch
            label={t('comfort.calm')}
            description={t('comfort.calmLead')}
            checked={comfort.calmMotion}
            onChange={(event) => void change({ calmMotion: event.currentTarget.checked })}
          />
          <Volume
            value={comfort.ringVolume}
            onChange={(ringVolume) => {
              void change({ ringVolume });
              setTimeout(ring('incoming').stop, 2_000);
            }}
          />
          <Switch
            label={t('comfort.vibration')}
            checked={comfort.vibration}
            onChange={(event) => void change({ vibration: event.currentTarget.checked })}
          />
          <Choice
            label={t('comfort.view')}
            value={comfort.view}
            options={[
              ['simple', t('comfort.viewSimple')],
              ['full', t('comfort.viewFull')],
            ]}
            onChange={(view) => void change({ view: view === 'full' ? 'full' : 'simple' })}
          />
          <div className="stack-tight">
            <p className="field-label">{t('tell.title')}</p>
            <TellHere />
          </div>
        </>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="stack-tight">
      <p id={id} className="field-label">
        {label}
      </p>
      <SegmentedControl
        aria-labelledby={id}
        className="choice-row"
        data-few={options.length < 4}
        fullWidth
        value={value}
        onChange={onChange}
        data={options.map(([each, words]) => ({ value: each, label: words }))}
      />
    </div>
  );
}

/** Louder and softer by buttons: nothing to drag. */
function Volume({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="volume stack-tight" aria-label={t('comfort.volume')}>
      <p className="field-label">{t('comfort.volume')}</p>
      <div className="row">
        <Button variant="default" disabled={value <= 0} onClick={() => onChange(Math.max(0, value - 20))}>
          {t('comfort.softer')}
        </Button>
        <span className="volume-value" role="status">
          <Icon name="sound" /> {value === 0 ? t('comfort.silent') : t('comfort.percent', { value })}
        </span>
        <Button variant="default" disabled={value >= 100} onClick={() => onChange(Math.min(100, value + 20))}>
          {t('comfort.louder')}
        </Button>
      </div>
    </fieldset>
  );
}
