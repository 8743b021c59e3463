/** One call whole: who, what it came to, the replay of every moment, and the way to stop it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Receipt } from '../../../../worker/protocol/call/call.ts';
import { readAnyCall, stopCall } from '../../../../worker/protocol/http/staff-calls.ts';
import type { CallId } from '../../../../worker/protocol/ids.ts';
import { amountsWords, amountWords, clock, durationWords } from '../../../ui/format.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useNow } from '../../../ui/use-store.ts';
import { useGo, usePathId } from '../../address.ts';
import { Across } from '../../desk/across.tsx';
import { Dialog, isReason, Reason } from '../../desk/dialog.tsx';
import { Fact } from '../../desk/fact.tsx';
import { Unread } from '../../desk/nothing.tsx';
import { PersonLink, StateMark, When } from '../../desk/words.tsx';
import { useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { Replay } from './replay.tsx';

export default function CallPage() {
  const id = usePathId<CallId>();
  const { api, me } = useSession();
  const { t } = useWords();
  const { t: words } = useTranslation();
  const go = useGo();
  const [stopping, setStopping] = useState(false);
  const found = useQuery({
    queryKey: ['call', id],
    queryFn: ({ signal }) => api.call(readAnyCall, { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data?.call.settled ? false : 2_000),
  });
  const running = found.data !== undefined && found.data.call.state !== 'ended';
  const now = useNow(1_000, running);
  const mayStop = running && me.permissions.includes('call.stop');
  useCommand({ keys: 'Escape', label: t('calls.back'), group: 'here', run: () => go('/calls') });
  useCommand({ keys: 'e', label: t('calls.stop'), group: 'here', run: () => setStopping(true) }, mayStop);
  if (found.isPending) return <Waiting />;
  if (!found.data) return <Unread error={found.error} onRetry={() => void found.refetch()} />;
  const { call, caller, callee, payerId, tariff, receipt, timeline, stateSince } = found.data;
  return (
    <div className="stack">
      <div className="head">
        <div>
          <p className="crumbs">
            <Link to="/calls">{t('sections.calls')}</Link>
          </p>
          <h1>{t('calls.between', { caller: caller.displayName || caller.id, callee: callee.displayName || callee.id })}</h1>
          <p className="soft mono">{call.id}</p>
        </div>
        {mayStop && (
          <button type="button" className="act stop" onClick={() => setStopping(true)}>
            {t('calls.stop')}
          </button>
        )}
      </div>
      <dl className="facts">
        <Fact name={t('calls.state')}>
          <StateMark state={call.state} /> {running && clock(Math.max(0, now - Date.parse(stateSince)))}
        </Fact>
        {call.endReason && <Fact name={t('calls.reason')}>{t(`endReason.${call.endReason}`)}</Fact>}
        <Fact name={t('calls.caller')}>
          <PersonLink id={caller.id} name={caller.displayName} portrait={caller.portrait} />{' '}
          {payerId === caller.id && <span className="soft">{t('calls.pays')}</span>}
        </Fact>
        <Fact name={t('calls.callee')}>
          <PersonLink id={callee.id} name={callee.displayName} portrait={callee.portrait} />{' '}
          {payerId === callee.id && <span className="soft">{t('calls.pays')}</span>}
        </Fact>
        <Fact name={t('calls.medium')}>{t(`medium.${call.media}`)}</Fact>
        <Fact name={t('calls.placed')}>
          <When at={call.createdAt} />
        </Fact>
        <Fact name={t('calls.connected')}>{call.connectedMs > 0 ? durationWords(words, call.connectedMs / 1000) : '–'}</Fact>
        <Fact name={t('calls.tariff')}>
          {tariff ? (
            <Link to="/tariffs/$id" params={{ id: tariff.id }}>
              {t('tariffs.nameOf', { name: tariff.name, version: tariff.version })}
            </Link>
          ) : (
            '–'
          )}
        </Fact>
        {call.resumes && (
          <Fact name={t('calls.resumes')}>
            <Link to="/calls/$id" params={{ id: call.resumes }}>
              {t('calls.open')}
            </Link>
          </Fact>
        )}
        <Fact name={t('calls.settled')}>{t(call.settled ? 'yes' : 'no')}</Fact>
      </dl>
      <Replay timeline={timeline} receipt={receipt} now={running ? now : null} />
      <ReceiptTable receipt={receipt} />
      {stopping && <Stop id={call.id} onClose={() => setStopping(false)} />}
    </div>
  );
}

function ReceiptTable({ receipt }: { receipt: Receipt }) {
  const { t } = useWords();
  const { t: words } = useTranslation();
  return (
    <section className="stack-tight" aria-labelledby="receipt">
      <h2 id="receipt">{t('receipt.title')}</h2>
      <p>
        {t('receipt.sum', {
          paid: amountsWords(words, receipt.totals.payer) ?? t('receipt.nothing'),
          earned: amountsWords(words, receipt.totals.payee) ?? t('receipt.nothing'),
        })}
      </p>
      {receipt.checkpoints.length > 0 && (
        <Across label={t('receipt.title')}>
          <table>
            <thead>
              <tr>
                <th scope="col" className="figure">
                  {t('receipt.at')}
                </th>
                <th scope="col">{t('receipt.party')}</th>
                <th scope="col" className="figure">
                  {t('receipt.amount')}
                </th>
                <th scope="col">{t('receipt.paidBy')}</th>
                <th scope="col">{t('receipt.posted')}</th>
              </tr>
            </thead>
            <tbody>
              {receipt.checkpoints.map((line) => (
                <tr key={`${line.party}${line.n}`}>
                  <td className="figure">{clock(line.atSeconds * 1000)}</td>
                  <td>{t(`party.${line.party}`)}</td>
                  <td className="figure">{amountWords(words, line)}</td>
                  <td>{line.party === 'payer' ? t(`paidBy.${line.paidBy}`) : ''}</td>
                  <td>
                    <When at={line.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Across>
      )}
    </section>
  );
}

function Stop({ id, onClose }: { id: CallId; onClose: () => void }) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title={t('stop.title')}
      confirm={t('calls.stop')}
      danger
      ready={isReason(reason)}
      onClose={onClose}
      onConfirm={async () => {
        await api.call(stopCall, { params: { id }, body: { reason } });
        await queries.invalidateQueries({ queryKey: ['call', id] });
      }}
    >
      <p>{t('stop.lead')}</p>
      <Reason value={reason} onChange={setReason} />
    </Dialog>
  );
}
