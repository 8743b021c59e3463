/** One event whole: what it says, what became of it, the payment that it made; what came, as it came, only when asked for. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { AnswerOf } from '../../../../worker/protocol/http/endpoint.ts';
import { lookAtPaymentEvent, readPaymentEvent, type WirePaymentEvent } from '../../../../worker/protocol/http/payment-events.ts';
import { listPayments } from '../../../../worker/protocol/http/payments-desk.ts';
import type { Id } from '../../../../worker/protocol/ids.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useGo, usePathId } from '../../address.ts';
import { AuditList } from '../../desk/audit-list.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { moneyWords } from '../../desk/money.ts';
import { Unread } from '../../desk/nothing.tsx';
import { PersonLink, useNames, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords, wordFor } from '../../words.ts';
import { Granted } from './granted.tsx';
import { Replay, replayable } from './replay.tsx';
import { EventMark, kindWords, reasonWords } from './said.tsx';
import './payments.css';

const RENEW_MS = 10_000;
/** While it is being taken up. */
const RENEW_LIVE_MS = 1_000;

export default function EventPage() {
  const id = usePathId<Id<'pev'>>();
  const { api, me } = useSession();
  const { t } = useWords();
  const go = useGo();
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const found = useQuery({
    queryKey: ['payment-event', id],
    queryFn: ({ signal }) => api.call(readPaymentEvent, { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data?.paymentEvent.state === 'stored' ? RENEW_LIVE_MS : RENEW_MS),
  });
  const mayManage = me.permissions.includes('payments.manage');
  const mayReplay = found.data !== undefined && replayable(found.data.paymentEvent) && mayManage;
  useCommand({ keys: 'Escape', label: t('payments.back'), group: 'here', run: () => go('/payments') });
  useCommand({ keys: 'r', label: t('payments.replay'), group: 'here', run: () => setAsking(true) }, mayReplay);
  if (found.isPending) return <Waiting />;
  if (!found.data) return <Unread error={found.error} onRetry={() => void found.refetch()} />;
  const { paymentEvent: event } = found.data;
  return (
    <div className="stack-tight">
      <div className="head">
        <div>
          <p className="crumbs">
            <Link to="/payments">{t('sections.payments')}</Link>
          </p>
          <h1>
            {kindWords(t, event)} <EventMark state={event.state} />
          </h1>
          <p className="soft mono">{event.id}</p>
        </div>
        {mayReplay && (
          <button type="button" className="act go" onClick={() => setAsking(true)}>
            {t('payments.replay')} <Keys of="r" />
          </button>
        )}
      </div>
      <DoneNote done={done} />
      {event.reason && (
        <p className={event.state === 'dead' ? 'note bad' : 'note'}>
          <strong>{reasonWords(t, event.reason)}</strong>
        </p>
      )}
      <p className="soft">{t(`payments.means.${event.state}`)}</p>
      {event.note && <p className="note">{wordFor(t, `payments.note.${event.note}`, event.note)}</p>}
      <div className="two">
        <Told event={event} />
        <div className="stack">
          <Made event={event} />
          {mayManage && <Came id={id} />}
        </div>
      </div>
      {me.permissions.includes('audit.read') && (
        <section className="stack-tight" aria-labelledby="audit">
          <h2 id="audit">{t('sections.audit')}</h2>
          <AuditList subject={event.id} />
        </section>
      )}
      {asking && <Replay event={event} onDone={setDone} onClose={() => setAsking(false)} />}
    </div>
  );
}

/** What it says. */
function Told({ event }: { event: WirePaymentEvent }) {
  const { t } = useWords();
  const { fact, sentBy } = event;
  const nameOf = useNames([...(fact?.userId ? [fact.userId] : []), ...(sentBy ? [sentBy] : [])]);
  const mono = (text: string | null | undefined) => text && <span className="mono">{text}</span>;
  const lines = [
    [t('payments.toldBy'), t(`payments.source.${event.source}`)],
    [t('payments.sentBy'), sentBy && <PersonLink id={sentBy} name={nameOf(sentBy)} />],
    [t('payments.received'), <When key="received" at={event.receivedAt} />],
    [t('payments.sourceId'), mono(event.sourceEventId)],
    [t('payments.paidAt'), fact && t(`shop.store.${fact.store}`)],
    [t('payments.occurred'), fact && <When at={fact.occurredAt} />],
    [t('payments.money'), fact?.money && <span className="figures">{moneyWords(fact.money)}</span>],
    [t('payments.person'), fact?.userId && <PersonLink id={fact.userId} name={nameOf(fact.userId)} />],
    [t('payments.productRef'), mono(fact?.productRef)],
    [t('payments.transaction'), mono(fact?.transactionId)],
    [t('payments.refundId'), mono(fact?.refundId)],
    [t('payments.subscription'), mono(fact?.subscriptionRef)],
    [
      t('payments.period'),
      fact?.period && (
        <>
          <When at={fact.period.from} /> – <When at={fact.period.until} />
        </>
      ),
    ],
    [t('payments.signed'), fact && t(fact.signedByStore ? 'payments.byStore' : 'payments.byMessenger')],
    [t('payments.replays'), event.replays > 0 && String(event.replays)],
  ] as const;
  return (
    <section className="stack-tight" aria-labelledby="told">
      <h2 id="told">{t('payments.says')}</h2>
      <dl className="terms">
        {lines
          .filter(([, value]) => Boolean(value))
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

/** The payment that it is about, with its posting. */
function Made({ event }: { event: WirePaymentEvent }) {
  const { api } = useSession();
  const { t } = useWords();
  const { store, transactionId } = event.fact ?? { store: undefined, transactionId: null };
  const found = useQuery({
    queryKey: ['payment-at', store, transactionId, event.state],
    enabled: store !== undefined && transactionId !== null,
    queryFn: async ({ signal }) => {
      if (!store || transactionId === null) return null;
      return (await api.call(listPayments, { query: { store, transactionId }, signal })).items[0] ?? null;
    },
  });
  return (
    <section className="stack-tight" aria-labelledby="made">
      <h2 id="made">{t('payments.made')}</h2>
      {found.data ? <Granted payment={found.data} link /> : <p className="soft">{t('payments.madeNothing')}</p>}
    </section>
  );
}

/** The names of the customer and the bytes as they came: personal, so fetched only when somebody asks, and that is audited. */
function Came({ id }: { id: Id<'pev'> }) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const looked = useQuery({
    queryKey: ['payment-event-raw', id],
    enabled: open,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const came = await api.call(lookAtPaymentEvent, { params: { id }, signal });
      void queries.invalidateQueries({ queryKey: ['audit'] });
      return came;
    },
  });
  return (
    <section className="stack-tight" aria-labelledby="came">
      <h2 id="came">{t('payments.came')}</h2>
      <p className="soft">{t('payments.cameLead')}</p>
      <p>
        <button type="button" className="act" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'payments.hide' : 'payments.reveal')}
        </button>
      </p>
      {open && looked.isPending && <Waiting />}
      {open && looked.isError && <Unread error={looked.error} onRetry={() => void looked.refetch()} />}
      {open && looked.data && <Shown {...looked.data} />}
    </section>
  );
}

function Shown({ customerRefs, raw, rawHash }: AnswerOf<typeof lookAtPaymentEvent>) {
  const { t } = useWords();
  return (
    <>
      <dl className="terms">
        {customerRefs.map(({ kind, value }) => (
          <div key={`${kind} ${value}`}>
            <dt>{wordFor(t, `payments.name.${kind}`, kind)}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
      {raw === null ? (
        <p>
          {t('payments.gone')} <span className="mono">{rawHash}</span>
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="raw" tabIndex={0} aria-label={t('payments.came')}>
          <pre>{tidied(raw)}</pre>
        </section>
      )}
    </>
  );
}

/** JSON on lines of its own; anything else as it came. */
function tidied(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
