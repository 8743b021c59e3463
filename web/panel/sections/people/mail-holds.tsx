/** What holds our mail back from somebody, and trying an address again that mail came back from. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { liftBounce, type MailHold, readMailOf } from '../../../../worker/protocol/http/staff-mail.ts';
import type { WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import { useSession } from '../../../ui/session.tsx';
import { Card, Line } from '../../desk/card.tsx';
import { Dialog, isReason, Reason } from '../../desk/dialog.tsx';
import { Unread } from '../../desk/nothing.tsx';
import { When } from '../../desk/words.tsx';
import { useWords, wordFor } from '../../words.ts';

export function MailHolds({ person }: { person: WholePerson }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const [lifting, setLifting] = useState(false);
  const [said, setSaid] = useState('');
  const found = useQuery({
    queryKey: ['mail-of', person.id],
    queryFn: ({ signal }) => api.call(readMailOf, { params: { id: person.id }, signal }),
  });
  const mail = found.data?.mail;
  const mayLift = me.permissions.includes('mail.lift');
  return (
    <Card title={t('mailHolds.title')}>
      {found.isError && <Unread error={found.error} onRetry={() => void found.refetch()} />}
      {mail && !mail.hasAddress && <p className="soft">{t('mailHolds.noAddress')}</p>}
      {mail?.hasAddress && mail.holds.length === 0 && <p>{t('mailHolds.open')}</p>}
      {mail?.holds.map((hold) => (
        <Line key={`${hold.cause} ${hold.group}`} name={t(`mailHolds.cause.${hold.cause}`)}>
          <Effect hold={hold} />{' '}
          {hold.liftable && mayLift ? (
            <button type="button" className="act" onClick={() => setLifting(true)}>
              {t('mailHolds.lift')}
            </button>
          ) : (
            !hold.liftable && <span className="soft">{t('mailHolds.theirs')}</span>
          )}
        </Line>
      ))}
      <p role="status" className="said">
        {said}
      </p>
      {lifting && <Lift person={person} onClose={() => setLifting(false)} onDone={() => setSaid(t('mailHolds.lifted'))} />}
    </Card>
  );
}

function Effect({ hold: { cause, group, at } }: { hold: MailHold }) {
  const { t } = useWords();
  return (
    <>
      <When at={at} /> · {t(`mailHolds.effect.${cause}`)} {group !== null && wordFor(t, `mailHolds.group.${group}`, group)}
    </>
  );
}

function Lift({ person, onDone, onClose }: { person: WholePerson; onDone: () => void; onClose: () => void }) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title={t('mailHolds.liftTitle', { name: person.public.displayName || person.id })}
      confirm={t('mailHolds.lift')}
      ready={isReason(reason)}
      onClose={onClose}
      onConfirm={async () => {
        const answer = await api.call(liftBounce, { params: { id: person.id }, body: { reason } });
        queries.setQueryData(['mail-of', person.id], answer);
        onDone();
      }}
    >
      <p>{t('mailHolds.liftLead')}</p>
      <Reason value={reason} onChange={setReason} />
    </Dialog>
  );
}
