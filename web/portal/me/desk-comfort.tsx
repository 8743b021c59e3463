/** How the desk behaves for this companion: language, size, contrast, motion, ring. */
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { useComfort } from '../../ui/comfort.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { ring } from '../../ui/sound.ts';

const sizes = [100, 125, 150, 200] as const;

export function DeskComfort() {
  const { comfort, change, error } = useComfort();
  const { t } = useTranslation();
  const language = useId();
  const size = useId();
  const volume = useId();
  const [loud, setLoud] = useState(comfort.ringVolume);
  useEffect(() => setLoud(comfort.ringVolume), [comfort.ringVolume]);
  const tryRing = (): void => {
    const sound = ring('incoming');
    setTimeout(() => sound.stop(), 2_500);
  };
  return (
    <section className="sheet stack" aria-label={t('desk.comfort.title')}>
      <h2>{t('desk.comfort.title')}</h2>
      <label className="field" htmlFor={language}>
        {t('desk.comfort.language')}
        <select
          id={language}
          value={comfort.language ?? 'device'}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            void change({ language: chosen === 'en' || chosen === 'de' ? chosen : null });
          }}
        >
          <option value="device">{t('desk.comfort.asDevice')}</option>
          <option value="en">English</option>
          <option value="de">Deutsch</option>
        </select>
      </label>
      <label className="field" htmlFor={size}>
        {t('desk.comfort.size')}
        <select id={size} value={comfort.textSize} onChange={(event) => void change({ textSize: Number(event.currentTarget.value) })}>
          {[...new Set([...sizes, comfort.textSize])].map((each) => (
            <option key={each} value={each}>
              {t('desk.comfort.percent', { value: each })}
            </option>
          ))}
        </select>
      </label>
      <label className="field" htmlFor={volume}>
        {t('desk.comfort.volume', { value: loud })}
        <input
          id={volume}
          type="range"
          min={0}
          max={100}
          step={10}
          value={loud}
          onChange={(event) => setLoud(Number(event.currentTarget.value))}
          onPointerUp={() => void change({ ringVolume: loud })}
          onKeyUp={() => loud !== comfort.ringVolume && void change({ ringVolume: loud })}
          onBlur={() => loud !== comfort.ringVolume && void change({ ringVolume: loud })}
        />
      </label>
      <label className="tick">
        <input
          type="checkbox"
          checked={comfort.contrast === 'high'}
          onChange={(event) => void change({ contrast: event.currentTarget.checked ? 'high' : 'normal' })}
        />
        {t('desk.comfort.contrast')}
      </label>
      <label className="tick">
        <input
          type="checkbox"
          checked={comfort.calmMotion}
          onChange={(event) => void change({ calmMotion: event.currentTarget.checked })}
        />
        {t('desk.comfort.calm')}
      </label>
      {error !== null && <ProblemNote error={error} />}
      <div>
        <Button size="md" variant="default" onClick={tryRing}>
          {t('work.sound')}
        </Button>
      </div>
    </section>
  );
}
