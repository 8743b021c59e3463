/** The page of a link: asks the server what is behind it, goes there, or says kindly that there is nothing and where to go on. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type ResolvedLink, resolveLink } from '../../../worker/protocol/http/links.ts';
import { LINK_BASE, type LinkTarget, MOST_LINK } from '../../../worker/protocol/links.ts';
import { forgetLink, keepLink } from '../../client/arrival.ts';
import { Button } from '../button.tsx';
import { Page } from '../frame.tsx';
import { ButtonLink } from '../links.tsx';
import { ProblemNote, Waiting } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { Picture } from '../states.tsx';
import { arrive } from './arrive.ts';
import { goWords } from './words.ts';

await goWords;

/** A screen of the app's own router. */
export interface Place {
  readonly to: string;
  readonly params?: Record<string, string>;
  readonly search?: Record<string, unknown>;
}

export interface GoPageProps {
  /** The path behind `/go/`. */
  readonly rest: string;
  /** False during the first visit: the link waits, and its end opens it. */
  readonly ready: boolean;
  readonly placeOf: (target: LinkTarget, call: ResolvedLink['call']) => Place;
  readonly onOpen: (place: Place) => void;
}

// The link is on the shelf before it is taken from it.
arrive(location.pathname.startsWith('/portal/') ? '/portal' : '');

export function GoPage({ rest, ready, placeOf, onOpen }: GoPageProps) {
  const { api, app } = useSession();
  const { t } = useTranslation();
  const link = LINK_BASE + rest;
  const resolved = useQuery({
    queryKey: ['link', link],
    // What is behind it changes: a call ends, a conversation is begun.
    staleTime: 0,
    gcTime: 0,
    enabled: ready,
    queryFn: async () => (await api.call(resolveLink, { query: { link: link.slice(0, MOST_LINK) } })).link,
  });
  const found = resolved.data;
  const open = found?.state === 'ok' && found.target !== null && found.app === app ? placeOf(found.target, found.call) : null;
  const went = useRef(false);
  useEffect(() => {
    if (went.current) return;
    if (!ready) {
      keepLink(localStorage, link, Date.now());
      went.current = true;
      onOpen({ to: '/' });
    } else if (found) {
      forgetLink(localStorage);
      if (!open) return;
      went.current = true;
      onOpen(open);
    }
  });
  return (
    <Page>
      <div className="narrow stack">
        {resolved.isError ? (
          <ProblemNote error={resolved.error} onRetry={() => void resolved.refetch()} />
        ) : found && !open ? (
          <Nothing link={link} found={found} place={placeOf(found.fallback, null)} />
        ) : (
          <>
            <h1>{t('go.opening')}</h1>
            <Waiting />
          </>
        )}
      </div>
    </Page>
  );
}

const things = { call: 'call', chat: 'chat', 'call-back': 'person', profile: 'person', paywall: 'offer' } as const;
const ways = { calls: 'calls', chats: 'chats', wallet: 'wallet' } as const;
const entry = <T extends object>(table: T, key: string | undefined): T[keyof T] | undefined => table[key as keyof T];

function Nothing({ link, found, place }: { link: string; found: ResolvedLink; place: Place }) {
  const { me, signOut } = useSession();
  const { t } = useTranslation();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const thing = entry(things, found.target?.kind) ?? 'other';
  const way = entry(ways, found.fallback.kind) ?? 'home';
  const words = {
    unknown: [t('go.unknown'), t('go.unknownLead')],
    forbidden: [t('go.forbidden'), t('go.forbiddenLead')],
    gone: [t(`go.gone.${thing}`), t(`go.goneLead.${thing}`)],
    // Another app's: the door of that one is the way, and this account has none here.
    ok: [t('go.forbidden'), t('go.forbiddenLead')],
  }[found.state];
  const address = me.private.email ?? me.private.phone;
  const others = address !== null && found.state === 'gone' && (thing === 'call' || thing === 'chat');
  return (
    <section className="sheet empty stack" aria-labelledby="go-title">
      <Picture name="cut" />
      <h1 id="go-title" ref={title} tabIndex={-1}>
        {words[0]}
      </h1>
      <p>{words[1]}</p>
      <div className="row middle">
        <ButtonLink to={place.to} {...(place.params ? { params: place.params } : {})}>
          {t(`go.to.${way}`)}
        </ButtonLink>
        {way !== 'home' && (
          <ButtonLink to="/" quiet>
            {t('go.to.home')}
          </ButtonLink>
        )}
      </div>
      {others && (
        <>
          <p className="soft">{t('go.signedInAs', { address })}</p>
          <Button
            variant="default"
            onClick={() => {
              keepLink(localStorage, link, Date.now());
              void signOut();
            }}
          >
            {t('go.otherAddress')}
          </Button>
        </>
      )}
    </section>
  );
}
