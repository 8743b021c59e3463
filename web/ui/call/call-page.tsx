/** The page of one call: takes it back after a reload, shows the room, then what it came to. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listCalls, readCall, readStory } from '../../../worker/protocol/http/calls.ts';
import { type GalleryItem, readPerson } from '../../../worker/protocol/http/gallery.ts';
import type { CallId, UserId } from '../../../worker/protocol/ids.ts';
import type { Talk } from '../../client/call/talk.ts';
import { Page } from '../frame.tsx';
import { ProblemNote, Waiting } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { useStore } from '../use-store.ts';
import { Ended } from './ended.tsx';
import { type Peer, Room } from './room.tsx';
import { isShutOut, ShutOut } from './shut-out.tsx';

export interface CallPageProps {
  readonly callId: CallId;
  readonly onResumed: (callId: CallId) => void;
  /** What to do next, once it is over. */
  readonly next: ReactNode;
  /** What this app asks right after a call: how it was, what to remember. */
  readonly after?: ReactNode;
  /** What stands below all of it. */
  readonly foot?: ReactNode;
}

export function CallPage({ callId, onResumed, next, after, foot }: CallPageProps) {
  const { live } = useSession();
  const talk = useStore(live.talk);
  const [over, setOver] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const mine = talk?.view.get().callId === callId ? talk : null;
  const asked = useRef<string | null>(null);

  useEffect(() => {
    const ask = `${callId} ${attempt}`;
    if (live.talk.get()?.view.get().callId === callId || asked.current === ask) return;
    asked.current = ask;
    setError(null);
    live.rejoin(callId).then(
      (found) => setOver(found === null),
      (thrown) => setError(thrown),
    );
  }, [live, callId, attempt]);

  if (mine) return <LiveCall key={callId} talk={mine} onResumed={onResumed} next={next} after={after} foot={foot} />;
  return (
    <Page>
      {error !== null ? (
        <ProblemNote error={error} onRetry={() => setAttempt(attempt + 1)} />
      ) : over ? (
        <PastCall callId={callId} fresh onResumed={onResumed} next={next} after={after} foot={foot} />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}

function LiveCall({ talk, onResumed, next, after, foot }: Omit<CallPageProps, 'callId'> & { talk: Talk }) {
  const view = useStore(talk.view);
  const { live } = useSession();
  const peer = usePeer(view.peerId);
  if (view.ended)
    return (
      <Page>
        <Ended
          ended={{
            callId: view.callId,
            reason: view.ended.reason,
            receipt: view.ended.receipt,
            you: view.you ?? 'caller',
            role: view.role ?? (live.me.role === 'companion' ? 'payee' : 'payer'),
            peerId: view.peerId,
            fresh: true,
          }}
          peer={peer}
          onResumed={onResumed}
          after={after}
          foot={foot}
        >
          {next}
        </Ended>
      </Page>
    );
  if (isShutOut(view)) return <ShutOut view={view} />;
  return <Room talk={talk} view={view} peer={peer} />;
}

/** The receipt of a call that is over, as opened from the list. */
export function PastCall({ callId, fresh = false, onResumed, next, after, foot }: CallPageProps & { fresh?: boolean }) {
  const { api, live } = useSession();
  const call = useQuery({ queryKey: ['call', callId], queryFn: () => api.call(readCall, { params: { id: callId } }) });
  const you = call.data?.call.callerId === live.me.id ? 'caller' : 'callee';
  const peerId = call.data ? (you === 'caller' ? call.data.call.calleeId : call.data.call.callerId) : null;
  const peer = usePeer(peerId, callId);
  if (call.isPending) return <Waiting />;
  if (call.isError) return <ProblemNote error={call.error} onRetry={() => void call.refetch()} />;
  return (
    <Ended
      ended={{
        callId,
        reason: call.data.call.endReason ?? 'hangup',
        receipt: null,
        you,
        role: live.me.role === 'companion' ? 'payee' : 'payer',
        peerId: peerId ?? live.me.id,
        fresh,
      }}
      peer={peer}
      onResumed={onResumed}
      after={after}
      foot={foot}
    >
      {next}
    </Ended>
  );
}

/**
 * Name and face of the other, from whatever knows them: the list of calls (members too, whom no gallery shows), who
 * rings, people seen before, and for a call that is over its story, which outlives a block and a closed account.
 * Nobody is called “somebody” while one of these may still answer.
 */
export function usePeer(userId: UserId | null, over: CallId | null = null): Peer {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const version = useStore(live.callsVersion);
  const ringing = useStore(live.incoming);
  const calls = useQuery({
    queryKey: ['calls', version],
    queryFn: () => api.call(listCalls, { query: { limit: 20 } }),
    enabled: userId !== null,
    // A name that is known stays while the list is asked for again.
    placeholderData: (before) => before,
  });
  const listed =
    calls.data?.items.flatMap(({ caller, callee }) => [caller, callee]).find(({ id }) => id === userId) ??
    (ringing?.from.id === userId ? ringing.from : undefined) ??
    queries
      .getQueriesData<readonly GalleryItem[]>({ queryKey: ['gallery'] })
      .flatMap(([, items]) => (Array.isArray(items) ? (items as readonly GalleryItem[]) : []))
      .find(({ person }) => person.id === userId)?.person;
  const asking = userId !== null && !listed && calls.isFetched;
  const person = useQuery({
    queryKey: ['person', userId],
    queryFn: () => api.call(readPerson, { params: { id: userId as UserId } }),
    enabled: asking,
    retry: false,
  });
  const story = useQuery({
    queryKey: ['story', over],
    queryFn: () => api.call(readStory, { params: { id: over as CallId } }),
    enabled: asking && over !== null && person.isError,
    retry: false,
  });
  const card = listed ?? person.data?.person.person ?? story.data?.summary.with;
  const last = useRef<{ id: UserId | null; peer: Peer } | null>(null);
  if (card) last.current = { id: userId, peer: { name: card.displayName, portrait: card.portrait } };
  if (last.current?.id === userId && last.current) return last.current.peer;
  const hope = userId === null || !calls.isFetched || person.isLoading || (over !== null && (story.isLoading || !story.isFetched));
  return hope && !calls.isError ? { name: '…', portrait: null, pending: true } : { name: t('call.someone'), portrait: null };
}
