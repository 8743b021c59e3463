/** How one is told: of what, in which way, and when not. In plain words, a large switch for each. */
import './inbox.css';
import { Switch, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NotificationSettings } from '../../../worker/protocol/http/notifications.ts';
import type { NotificationKind } from '../../../worker/protocol/notification.ts';
import { Button } from '../button.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { TellSection } from '../push/tell-here.tsx';
import { useSession } from '../session.tsx';
import { Skeleton } from '../states.tsx';
import { type Change, useTold } from './use-told.ts';
import { inboxWords } from './words.ts';

await inboxWords;

type Told = ReturnType<typeof useTold>;

export function ToldSettings() {
  const { t } = useTranslation();
  const told = useTold();
  const { read, error, saved } = told;
  return (
    <>
      {error !== null && <ProblemNote error={error} />}
      <p role="status" className="unseen">
        {saved > 0 && `${t('telling.saved')} ${saved}`}
      </p>
      <TellSection />
      {read.isPending && <Skeleton />}
      {read.isError && !read.data && <ProblemNote error={read.error} onRetry={() => void read.refetch()} />}
      {read.data && (
        <>
          <MailStanding settings={read.data} />
          <Kinds settings={read.data} change={told.change} />
          <Quiet settings={read.data} told={told} />
        </>
      )}
    </>
  );
}

/** What hinders mail, said where one looks for it. */
function MailStanding({ settings: { mail } }: { settings: NotificationSettings }) {
  const { t } = useTranslation();
  const { me } = useSession();
  if (mail === null) return <p className="note">{t('telling.noMail')}</p>;
  if (!mail.reaches)
    return (
      <p className="note warn" role="status">
        {t('telling.mailGone', { address: me.private.email ?? '' })}
      </p>
    );
  return mail.reported ? (
    <p className="note" role="status">
      {t('telling.mailReported')}
    </p>
  ) : null;
}

/** Kinds that concern members and companions; staff's are the panel's. */
type ShownKind = Exclude<NotificationKind, 'job.failed' | 'job.healed'>;
const shown: Readonly<Record<ShownKind, true>> = {
  'call.incoming': true,
  'call.missed': true,
  'chat.message': true,
  'security.sign_in': true,
  announcement: true,
  'case.decided': true,
  'purchase.receipt': true,
  'purchase.refunded': true,
  'top_up.stopped': true,
};
const isShown = (kind: string): kind is ShownKind => Object.hasOwn(shown, kind);

function Kinds({ settings, change }: { settings: NotificationSettings; change: Told['change'] }) {
  const { t } = useTranslation();
  return (
    <section className="sheet" aria-label={t('telling.what')}>
      <h2>{t('telling.what')}</h2>
      {settings.kinds.map(
        (each) => isShown(each.kind) && <Kind key={each.kind} {...each} kind={each.kind} mailed={settings.mail !== null} change={change} />,
      )}
      <p className="soft">{t('telling.onlyHere')}</p>
    </section>
  );
}

type KindProps = Omit<NotificationSettings['kinds'][number], 'kind'> & {
  readonly kind: ShownKind;
  readonly mailed: boolean;
  readonly change: (wish: Change) => Promise<boolean>;
};

function Kind({ kind, push, mail, mailed, change }: KindProps) {
  const { t } = useTranslation();
  const lead = `told-${kind.replace('.', '-')}`;
  const fixed = push?.changeable === false;
  return (
    <fieldset className="told-how" aria-describedby={lead}>
      <legend>{t(`telling.kind.${kind}`)}</legend>
      <p id={lead} className="soft">
        {t(`telling.kindLead.${kind}`)}
      </p>
      {fixed && <p>{t(mail && !mail.changeable ? 'telling.alwaysMail' : 'telling.always')}</p>}
      {push?.changeable && (
        <Switch
          label={t('telling.push')}
          checked={push.on}
          onChange={(event) => void change({ kinds: { [kind]: { push: event.currentTarget.checked } } })}
        />
      )}
      {mail?.changeable && mailed && (
        <Switch
          label={t('telling.mail')}
          checked={mail.on}
          onChange={(event) => void change({ kinds: { [kind]: { mail: event.currentTarget.checked } } })}
        />
      )}
    </fieldset>
  );
}

const here = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
/** `Europe/Berlin` as it is read aloud. */
const zoneWords = (zone: string): string => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;

function Quiet({ settings, told }: { settings: NotificationSettings; told: Told }) {
  const { t } = useTranslation();
  const { quiet, ringsAtNight, timeZone } = settings;
  const { change, takeZone, zoneKnown } = told;
  const other = timeZone !== here();
  async function turn(on: boolean): Promise<void> {
    // Whose clock nobody knows goes by the one they have in their hand.
    if (on && !zoneKnown && other && !(await takeZone(here()))) return;
    await change({ quiet: { on } });
  }
  return (
    <section className="sheet stack" aria-label={t('telling.quiet')}>
      <div>
        <h2>{t('telling.quiet')}</h2>
        <p className="soft">{t('telling.quietLead')}</p>
      </div>
      <Switch label={t('telling.quietOn')} checked={quiet.on} onChange={(event) => void turn(event.currentTarget.checked)} />
      {quiet.on && (
        <>
          <Times quiet={quiet} change={change} />
          <p className="soft">{t('telling.zone', { zone: zoneWords(timeZone) })}</p>
          {other && (
            <div className="note">
              <p className="note-text">{t('telling.zoneOther', { zone: zoneWords(here()) })}</p>
              <Button variant="default" onClick={() => void takeZone(here())}>
                {t('telling.zoneTake')}
              </Button>
            </div>
          )}
          <Switch
            label={t('telling.ringsAtNight')}
            description={t('telling.ringsAtNightLead')}
            checked={ringsAtNight}
            onChange={(event) => void change({ ringsAtNight: event.currentTarget.checked })}
          />
          <p className="soft">{t('telling.safety')}</p>
        </>
      )}
    </section>
  );
}

/** Kept when one leaves a field, so that no half-typed time is sent. */
function Times({ quiet: { from, to }, change }: { quiet: NotificationSettings['quiet']; change: Told['change'] }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({ from, to });
  // Each on its own: what is kept of the one must not undo what is typed into the other.
  useEffect(() => setTyped((now) => ({ ...now, from })), [from]);
  useEffect(() => setTyped((now) => ({ ...now, to })), [to]);
  const same = typed.from === typed.to;
  function keep(): void {
    const whole = /^\d\d:\d\d$/;
    if (!whole.test(typed.from) || !whole.test(typed.to)) setTyped({ from, to });
    else if (!same && (typed.from !== from || typed.to !== to)) void change({ quiet: typed });
  }
  return (
    <div className="told-times">
      <TextInput
        type="time"
        label={t('telling.from')}
        value={typed.from}
        onChange={(event) => setTyped({ ...typed, from: event.currentTarget.value })}
        onBlur={keep}
      />
      <TextInput
        type="time"
        label={t('telling.to')}
        value={typed.to}
        error={same ? t('telling.same') : undefined}
        onChange={(event) => setTyped({ ...typed, to: event.currentTarget.value })}
        onBlur={keep}
      />
    </div>
  );
}
