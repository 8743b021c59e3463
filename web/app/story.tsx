/** What happened in a call, line by line, in plain words. */
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endReason } from '../../worker/protocol/call/call.ts';
import { readStory, type StoryItem } from '../../worker/protocol/http/calls.ts';
import type { CallId } from '../../worker/protocol/ids.ts';
import { unit as unitSchema } from '../../worker/protocol/money.ts';
import { Button } from '../ui/button.tsx';
import { reasonWords } from '../ui/call/ended.tsx';
import { amountWords, durationWords, timeWords } from '../ui/format.ts';
import { ProblemNote, Waiting } from '../ui/problem-note.tsx';
import { useSession } from '../ui/session.tsx';

export function Story({ callId }: { callId: CallId }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <section className="stack" aria-label={t('story.title')}>
      <div>
        <Button variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'story.hide' : 'story.show')}
        </Button>
      </div>
      {open && <Told callId={callId} />}
    </section>
  );
}

function Told({ callId }: { callId: CallId }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const story = useQuery({ queryKey: ['story', callId], queryFn: () => api.call(readStory, { params: { id: callId } }) });
  if (story.isPending) return <Waiting />;
  if (story.isError) return <ProblemNote error={story.error} onRetry={() => void story.refetch()} />;
  const name = story.data.summary.with.displayName;
  return (
    <div className="sheet">
      <h2>{t('story.title')}</h2>
      <ol className="story" data-testid="story">
        {story.data.items.map((item) => (
          <li key={`${item.at} ${item.key} ${JSON.stringify(item.params)}`}>
            <time dateTime={item.at}>{timeWords(item.at)}</time>
            <span>{storyWords(t, item, name)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** One line of the story. */
export function storyWords(t: TFunction, { key, params }: StoryItem, name: string): string {
  const mine = params.by === 'you';
  const video = params.media === 'video';
  switch (key) {
    case 'rang':
      return t(mine ? 'story.youRang' : 'story.theyRang', { name });
    case 'answered':
      return t(mine ? 'story.youAnswered' : 'story.theyAnswered', { name });
    case 'connected':
      return t('story.connected');
    case 'medium_asked':
      return t(mine ? (video ? 'story.youAskedVideo' : 'story.youAskedVoice') : video ? 'story.theyAskedVideo' : 'story.theyAskedVoice', {
        name,
      });
    case 'medium_changed':
      return t(video ? 'story.toVideo' : 'story.toVoice');
    case 'medium_stayed':
      return t('story.stayed');
    case 'interrupted':
      return t('story.interrupted');
    case 'went_on':
      return t('story.wentOn', { time: durationWords(t, Number(params.seconds)) });
    case 'paid':
      return t('story.paid', { amount: amountOf(t, params) });
    case 'house_paid':
      return t('story.housePaid', { amount: amountOf(t, params) });
    case 'earned':
      return t('story.earned', { amount: amountOf(t, params) });
    case 'ended': {
      if (params.reason === 'hangup')
        return t(mine ? 'story.youEnded' : params.by === 'them' ? 'story.theyEnded' : 'story.ended', { name });
      const reason = endReason.options.find((each) => each === params.reason);
      return reason ? reasonWords(t, reason, mine ? 'caller' : 'callee', name) : t('story.ended');
    }
    case 'settled':
      return t('story.settled');
  }
}

function amountOf(t: TFunction, params: StoryItem['params']): string {
  const unit = unitSchema.options.find((each) => each === params.unit) ?? 'COIN';
  return amountWords(t, { unit, amount: Number(params.amount) });
}
