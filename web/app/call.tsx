/** A call's page while it runs and once it is over, with what only members do after it. */
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallId } from '../../worker/protocol/ids.ts';
import { AddingContext, type AddingProps } from '../ui/call/adding.ts';
import { CallPage, PastCall } from '../ui/call/call-page.tsx';
import { Page } from '../ui/frame.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { Waiting } from '../ui/problem-note.tsx';
import { AfterCall } from './after-call.tsx';
import { Story } from './story.tsx';

function Next() {
  const { t } = useTranslation();
  return (
    <>
      <ButtonLink to="/">{t('ended.toPeople')}</ButtonLink>
      <ButtonLink to="/calls" quiet>
        {t('ended.toCalls')}
      </ButtonLink>
    </>
  );
}

const Adding = lazy(() => import('./wallet/adding.tsx').then(({ Adding }) => ({ default: Adding })));

const adding = (props: AddingProps): ReactNode => (
  <Suspense fallback={<Waiting />}>
    <Adding {...props} />
  </Suspense>
);

function useOpenCall(): (id: CallId) => void {
  const go = useNavigate();
  return (id) => void go({ to: '/call/$id', params: { id } });
}

export function CallRoom({ callId }: { callId: CallId }) {
  const open = useOpenCall();
  return (
    <AddingContext value={adding}>
      <CallPage
        key={callId}
        callId={callId}
        onResumed={open}
        next={<Next />}
        after={<AfterCall callId={callId} />}
        foot={<Story callId={callId} />}
      />
    </AddingContext>
  );
}

export function OverCall({ callId }: { callId: CallId }) {
  const open = useOpenCall();
  return (
    <AddingContext value={adding}>
      <Page>
        <PastCall
          key={callId}
          callId={callId}
          onResumed={open}
          next={<Next />}
          after={<AfterCall callId={callId} />}
          foot={<Story callId={callId} />}
        />
      </Page>
    </AddingContext>
  );
}
