/** The first visit: six short steps, one question each; every one can be skipped, and nothing is lost on a reload. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type OnboardingStep, onboardingSteps } from '../../../worker/protocol/http/comfort.ts';
import { Button } from '../../ui/button.tsx';
import { useComfort } from '../../ui/comfort.tsx';
import { Page } from '../../ui/frame.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { ComfortFields } from '../comfort-fields.tsx';
import { DeviceStep, type Keep, NameStep, PeopleStep, PermissionStep, TopicsStep } from './steps.tsx';

const steps = onboardingSteps;

export function Onboarding() {
  const { t } = useTranslation();
  const { me } = useSession();
  const { comfort, change, error } = useComfort();
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      steps.findIndex((step) => comfort.onboarding.steps[step] === 'open'),
    ),
  );
  const [busy, setBusy] = useState(false);
  const keep = useRef<Keep | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const step = steps[at] ?? 'name';
  useEffect(() => title.current?.focus(), [step]);

  async function goOn(mark: 'done' | 'skipped'): Promise<void> {
    setBusy(true);
    try {
      if (mark === 'done' && keep.current && !(await keep.current())) return;
      keep.current = null;
      const last = at === steps.length - 1;
      // Coming back to an earlier step must not leave a later one open for ever.
      const marks = last ? openAs('skipped', comfort.onboarding.steps) : {};
      if (!(await change({ onboarding: { ...marks, [step]: mark } }))) return;
      if (!last) setAt(at + 1);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Page>
      <div className="narrow stack onboarding">
        <div className="stack-tight">
          <p className="soft" data-testid="step">
            {t('first.step', { step: at + 1, of: steps.length })}
          </p>
          <div className="progress" aria-hidden="true">
            {steps.map((each, index) => (
              <span key={each} data-past={index <= at} />
            ))}
          </div>
          <h1 ref={title} tabIndex={-1}>
            {t(`first.${step}.title`, { name: me.public.displayName })}
          </h1>
          <p className="soft">{t(`first.${step}.lead`)}</p>
        </div>
        <div className="sheet stack">
          <Step step={step} keep={keep} />
        </div>
        {error !== null && <ProblemNote error={error} />}
        <div className="row">
          <Button loading={busy} onClick={() => void goOn('done')}>
            {t(at === steps.length - 1 ? 'first.finish' : 'first.next')}
          </Button>
          <Button variant="default" disabled={busy} onClick={() => void goOn('skipped')}>
            {t('first.skip')}
          </Button>
          {at > 0 && (
            <Button variant="subtle" disabled={busy} onClick={() => setAt(at - 1)}>
              {t('back')}
            </Button>
          )}
        </div>
        {at < steps.length - 1 && (
          <p>
            <button type="button" className="link" onClick={() => void change({ onboarding: openAs('skipped', comfort.onboarding.steps) })}>
              {t('first.skipAll')}
            </button>
          </p>
        )}
      </div>
    </Page>
  );
}

function openAs(mark: 'skipped', marks: Record<OnboardingStep, string>): Partial<Record<OnboardingStep, 'skipped'>> {
  return Object.fromEntries(steps.filter((step) => marks[step] === 'open').map((step) => [step, mark]));
}

function Step({ step, keep }: { step: OnboardingStep; keep: { current: Keep | null } }) {
  switch (step) {
    case 'name':
      return <NameStep keep={keep} />;
    case 'comfort':
      return <ComfortFields brief />;
    case 'topics':
      return <TopicsStep keep={keep} />;
    case 'people':
      return <PeopleStep keep={keep} />;
    case 'permissions':
      return <PermissionStep />;
    case 'device':
      return <DeviceStep />;
  }
}
