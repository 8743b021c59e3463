/** After a call: how it was (may be skipped), and “this is wrong”, which a person of ours reads. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ComplaintReason, complainOfCall, type RatingReason, rateCall, readAfterCall } from '../../worker/protocol/http/after-call.ts';
import type { CallId } from '../../worker/protocol/ids.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/call/icons.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useSession } from '../ui/session.tsx';
import { Complaint } from './complaint.tsx';
import { Picks } from './picks.tsx';

const good: readonly RatingReason[] = ['kind', 'listened', 'interesting', 'clear_sound'];
const poor: readonly RatingReason[] = [
  'poor_sound',
  'poor_picture',
  'hard_to_understand',
  'distracted',
  'unkind',
  'asked_for_money',
  'felt_unsafe',
];
const MOST_REASONS = 5;

export function AfterCall({ callId }: { callId: CallId }) {
  const { api } = useSession();
  const after = useQuery({
    queryKey: ['after', callId],
    queryFn: () => api.call(readAfterCall, { params: { id: callId } }),
    retry: false,
    // Right after the end the call is still being written down; soon it may be rated.
    refetchInterval: ({ state }) => (state.data && !state.data.open && !state.data.rating && state.dataUpdateCount < 8 ? 2_000 : false),
  });
  if (!after.data) return null;
  const { rating, complaint, open } = after.data;
  const again = (): void => void after.refetch();
  return (
    <>
      {(open || rating) && <Rate callId={callId} given={rating?.stars ?? null} open={open} onDone={again} />}
      <Wrong callId={callId} told={complaint !== null} onDone={again} />
    </>
  );
}

function Rate({ callId, given, open, onDone }: { callId: CallId; given: number | null; open: boolean; onDone: () => void }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const [stars, setStars] = useState<number | null>(null);
  const [reasons, setReasons] = useState<readonly RatingReason[]>([]);
  const [skipped, setSkipped] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function send(): Promise<void> {
    if (stars === null) return;
    setBusy(true);
    setError(null);
    try {
      await api.call(rateCall, { params: { id: callId }, body: { stars, reasons: [...reasons] } });
      setStars(null);
      onDone();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  }
  if (skipped) return null;
  if (given !== null && stars === null)
    return (
      <section className="sheet row" aria-label={t('rate.title')}>
        <p className="grow" role="status">
          {t('rate.thanks', { stars: t('rate.stars', { count: given }) })}
        </p>
        {open && (
          <Button variant="default" onClick={() => setStars(given)}>
            {t('rate.change')}
          </Button>
        )}
      </section>
    );
  const offered = stars === null ? [] : stars >= 4 ? good : stars === 3 ? [...good, ...poor] : poor;
  return (
    <section className="sheet stack" aria-label={t('rate.title')}>
      <h2>{t('rate.title')}</h2>
      <fieldset className="stars" aria-label={t('rate.title')}>
        {[1, 2, 3, 4, 5].map((each) => (
          <button
            key={each}
            type="button"
            className="star"
            aria-pressed={stars === each}
            data-lit={stars !== null && each <= stars}
            onClick={() => {
              setStars(each);
              setReasons([]);
            }}
          >
            <Icon name="star" size={34} />
            <span>{t(`rate.word${each as 1 | 2 | 3 | 4 | 5}`)}</span>
          </button>
        ))}
      </fieldset>
      {stars !== null && (
        <Picks
          label={t('rate.why')}
          options={offered.map((reason) => [reason, t(`rate.reason.${reason}`)])}
          picked={reasons}
          most={MOST_REASONS}
          onPick={(reason) => setReasons(reasons.includes(reason) ? reasons.filter((each) => each !== reason) : [...reasons, reason])}
        />
      )}
      {error !== null && <ProblemNote error={error} />}
      <div className="row">
        {stars !== null && (
          <Button loading={busy} onClick={() => void send()}>
            {t('rate.send')}
          </Button>
        )}
        <Button variant="subtle" onClick={() => setSkipped(true)}>
          {t('rate.skip')}
        </Button>
      </div>
    </section>
  );
}

const reasonOrder: readonly ComplaintReason[] = ['charged_wrongly', 'bad_connection', 'not_what_i_wanted', 'behaviour', 'other'];

function Wrong({ callId, told, onDone }: { callId: CallId; told: boolean; onDone: () => void }) {
  const { api } = useSession();
  const { t } = useTranslation();
  return (
    <Complaint
      told={told}
      opener={(open) => (
        <Button variant="default" leftSection={<Icon name="help" />} onClick={open}>
          {t('wrong.open')}
        </Button>
      )}
      name={t('wrong.open')}
      className="sheet stack"
      lead={
        <div>
          <h2>{t('wrong.open')}</h2>
          <p className="soft">{t('wrong.lead')}</p>
        </div>
      }
      reasons={reasonOrder}
      usual="charged_wrongly"
      words={{
        why: t('wrong.what'),
        reason: (reason) => t(`wrong.reason.${reason}`),
        text: t('wrong.text'),
        send: t('wrong.send'),
        told: t('wrong.told'),
      }}
      send={async (reason, text) => {
        await api.call(complainOfCall, { params: { id: callId }, body: { reason, text } });
        onDone();
      }}
    />
  );
}
