/** The door: an address, a code, in. The code can be pasted or filled in by the device; there is nothing to remember. */
import { SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { startOtp, verifyOtp, type WebApp } from '../../worker/protocol/http/auth.ts';
import type { AnswerOf } from '../../worker/protocol/http/endpoint.ts';
import type { Api } from '../client/api.ts';
import { keptLink } from '../client/arrival.ts';
import { Button } from './button.tsx';
import { Door } from './door.tsx';
import { arrive } from './go/arrive.ts';
import { ProblemNote } from './problem-note.tsx';

const titles = {
  app: ['signIn.titleApp', 'signIn.leadApp'],
  portal: ['signIn.titlePortal', 'signIn.leadPortal'],
  panel: ['signIn.titlePanel', 'signIn.leadPanel'],
} as const;

type Address = { readonly email: string } | { readonly phone: string };
interface Challenge {
  readonly to: Address;
  readonly answer: AnswerOf<typeof startOtp>;
}

export function SignIn(props: { app: WebApp; api: Api; welcome?: ReactNode; onSignedIn: () => void }) {
  const { app, api, welcome, onSignedIn } = props;
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  return (
    <Door app={app} aside={challenge ? null : welcome}>
      {challenge ? (
        <CodeStep
          key={challenge.answer.challengeId}
          app={app}
          api={api}
          challenge={challenge}
          onAgain={setChallenge}
          onOther={() => setChallenge(null)}
          onSignedIn={onSignedIn}
        />
      ) : (
        <AddressStep app={app} api={api} onSent={setChallenge} />
      )}
    </Door>
  );
}

/** Whether a link is to be opened behind this door. A companion who is at work in this browser is led to the portal at once. */
function useLinkWaits(app: WebApp): boolean {
  if (app !== 'panel') arrive(app === 'portal' ? '/portal' : '');
  const onLink = app === 'app' && location.pathname.startsWith('/go/');
  useEffect(() => {
    if (onLink) void import('./go/companion-instead.ts').then(({ companionInstead }) => companionInstead());
  }, [onLink]);
  return keptLink(localStorage, Date.now()) !== null;
}

function AddressStep({ app, api, onSent }: { app: WebApp; api: Api; onSent: (challenge: Challenge) => void }) {
  const { t } = useTranslation();
  const [by, setBy] = useState<'email' | 'phone'>('email');
  const [value, setValue] = useState('');
  const [missing, setMissing] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const [title, lead] = titles[app];
  const waiting = useLinkWaits(app);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const typed = by === 'email' ? value.trim() : value.replace(/[\s()./-]/g, '').replace(/^00/, '+');
    const fits = by === 'email' ? /^\S+@\S+\.\S+$/.test(typed) : /^\+[1-9]\d{6,14}$/.test(typed);
    setMissing(fits ? null : t(by === 'email' ? 'signIn.emailMissing' : 'signIn.phoneMissing'));
    setError(null);
    if (!fits) {
      input.current?.focus();
      return;
    }
    setBusy(true);
    try {
      const to: Address = by === 'email' ? { email: typed } : { phone: typed };
      onSent({ to, answer: await api.call(startOtp, { body: to }) });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
      input.current?.focus();
    }
  }

  return (
    <form className="sheet stack" noValidate onSubmit={(event) => void submit(event)}>
      <div className="stack-tight">
        <h1>{t(title)}</h1>
        <p className="soft">{t(lead)}</p>
      </div>
      {waiting && <p className="note">{t('signIn.linkWaits')}</p>}
      <div className="stack-tight">
        <p id="how">{t('signIn.how')}</p>
        <SegmentedControl
          aria-labelledby="how"
          fullWidth
          value={by}
          onChange={(chosen) => {
            setBy(chosen === 'phone' ? 'phone' : 'email');
            setValue('');
            setMissing(null);
          }}
          data={[
            { value: 'email', label: t('signIn.byEmail') },
            { value: 'phone', label: t('signIn.byPhone') },
          ]}
        />
      </div>
      <TextInput
        key={by}
        ref={input}
        label={t(by === 'email' ? 'signIn.email' : 'signIn.phone')}
        description={by === 'phone' ? t('signIn.phoneHint') : undefined}
        type={by === 'email' ? 'email' : 'tel'}
        name={by}
        autoComplete={by === 'email' ? 'email' : 'tel'}
        inputMode={by === 'email' ? 'email' : 'tel'}
        value={value}
        error={missing}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      {error !== null && <ProblemNote error={error} />}
      <Button type="submit" loading={busy}>
        {t('signIn.send')}
      </Button>
    </form>
  );
}

function CodeStep(props: {
  app: WebApp;
  api: Api;
  challenge: Challenge;
  onAgain: (challenge: Challenge) => void;
  onOther: () => void;
  onSignedIn: () => void;
}) {
  const { app, api, challenge } = props;
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const devCode = challenge.answer.devCode;

  async function verify(digits: string): Promise<void> {
    if (busy) return;
    setMissing(digits.length === 6 ? null : t('signIn.codeMissing'));
    setError(null);
    if (digits.length !== 6) {
      input.current?.focus();
      return;
    }
    setBusy(true);
    try {
      await api.call(verifyOtp, {
        body: { challengeId: challenge.answer.challengeId, code: digits, app, device: deviceWords(navigator.userAgent) },
      });
      props.onSignedIn();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
      input.current?.focus();
    }
  }

  function typed(text: string): void {
    const digits = text.replace(/\D/g, '').slice(0, 6);
    setCode(digits);
    if (digits.length === 6 && digits !== code) void verify(digits);
  }

  async function again(): Promise<void> {
    setError(null);
    try {
      props.onAgain({ to: challenge.to, answer: await api.call(startOtp, { body: challenge.to }) });
    } catch (thrown) {
      setError(thrown);
    }
  }

  return (
    <form
      className="sheet stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void verify(code);
      }}
    >
      <div className="stack-tight">
        <h1>{t('signIn.codeTitle')}</h1>
        <p className="soft">{t('signIn.codeLead', { to: 'email' in challenge.to ? challenge.to.email : challenge.to.phone })}</p>
      </div>
      {devCode !== undefined && (
        <div className="note">
          <p className="note-text">{t('signIn.devCode', { code: devCode })}</p>
          <Button variant="default" onClick={() => typed(devCode)}>
            {t('signIn.useDevCode')}
          </Button>
        </div>
      )}
      <TextInput
        ref={input}
        className="code-input"
        label={t('signIn.code')}
        name="code"
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        value={code}
        error={missing}
        onChange={(event) => typed(event.currentTarget.value)}
      />
      {error !== null && <ProblemNote error={error} />}
      <Button type="submit" loading={busy}>
        {t('signIn.enter')}
      </Button>
      <div className="row">
        <Button variant="subtle" onClick={() => void again()}>
          {t('signIn.again')}
        </Button>
        <Button variant="subtle" onClick={props.onOther}>
          {t('signIn.other')}
        </Button>
      </div>
    </form>
  );
}

/** What this device is called in the list of devices: browser and system, as its owner would say it. */
function deviceWords(agent: string): string {
  const browser = /Edg/.test(agent) ? 'Edge' : /Firefox|FxiOS/.test(agent) ? 'Firefox' : /Chrome|CriOS/.test(agent) ? 'Chrome' : 'Safari';
  const system = /iPhone/.test(agent)
    ? 'iPhone'
    : /iPad/.test(agent)
      ? 'iPad'
      : /Android/.test(agent)
        ? 'Android'
        : /Windows/.test(agent)
          ? 'Windows'
          : /Mac OS/.test(agent)
            ? 'Mac'
            : 'Linux';
  return `${browser}, ${system}`;
}
