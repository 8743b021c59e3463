/** All calls, or only the missed ones, with calling back. */
import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { markCallsSeen } from '../../worker/protocol/http/calls.ts';
import { History } from '../ui/call/history.tsx';
import { Page } from '../ui/frame.tsx';
import { useInbox } from '../ui/inbox/use-inbox.ts';
import { ButtonLink, LineLink } from '../ui/links.tsx';
import { useSession } from '../ui/session.tsx';
import { useUnseen } from './missed.tsx';

export function Calls() {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const inbox = useInbox();
  const unseen = useUnseen();
  const { only = 'all' } = useSearch({ strict: false }) as { only?: 'missed' };
  const go = useNavigate();
  useEffect(() => {
    if (unseen === 0) return;
    // Long enough to be seen, then no longer counted.
    const timer = setTimeout(() => {
      void api.call(markCallsSeen, { body: {} }).then(
        () => {
          live.callsVersion.set(live.callsVersion.get() + 1);
          // What was seen here is not news any more.
          void inbox.readKind('call.missed');
        },
        () => undefined,
      );
    }, 3_000);
    return () => clearTimeout(timer);
  }, [unseen, api, live, inbox]);
  return (
    <Page>
      <div className="narrow stack">
        <h1>{t('calls.title')}</h1>
        <SegmentedControl
          aria-label={t('calls.which')}
          value={only}
          onChange={(chosen) => void go({ to: '/calls', search: chosen === 'missed' ? { only: 'missed' } : {}, replace: true })}
          data={[
            { value: 'all', label: t('calls.all') },
            { value: 'missed', label: t('calls.missedOnes') },
          ]}
        />
        <div className="sheet">
          <History
            missed={only === 'missed'}
            empty={t(only === 'missed' ? 'calls.noneMissed' : 'calls.empty')}
            link={(id, running, children) => (
              <LineLink to={running ? '/call/$id' : '/calls/$id'} params={{ id }}>
                {children}
              </LineLink>
            )}
            callBack={(id, name) => (
              <ButtonLink to="/people/$id" params={{ id }} quiet>
                {t('calls.callBack', { name })}
              </ButtonLink>
            )}
          />
        </div>
      </div>
    </Page>
  );
}
