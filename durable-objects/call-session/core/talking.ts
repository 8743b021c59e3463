/** What the two devices do: sockets, media, signals, and the wish for another medium. */
import type { CallParty } from '../../../worker/protocol/call/call.ts';
import type { Effect } from './effects.ts';
import { end } from './ending.ts';
import type { EventOf } from './events.ts';
import { isQuiet, send, stateFrame } from './frames.ts';
import { heard } from './money.ts';
import { takeProof } from './passing.ts';
import { type CallRecord, isOver, isRunning, otherSide, withMoney, withParty } from './state.ts';
import { note, onward, refused, type Step, step } from './step.ts';

/** [MC5] A party may ask for another medium so often in a minute: nobody needs more, and each is a line of the timeline. */
const WISHES_A_MINUTE = 6;
const MINUTE_MS = 60_000;

/** The call was answered and is not over. */
export const isAnswered = (record: CallRecord): boolean => record.phase === 'connecting' || isRunning(record);

/** [SO1] A socket opened: it is told everything anew, and has no media until it says so. */
export function socketOpened(record: CallRecord, { party }: EventOf<'socket.opened'>, now: number): Step {
  const other = otherSide(party);
  const arrived = onward(takeProof(withParty(record, party, { mediaUp: false }), party, now, now), (state) =>
    step(isOver(state) ? state : withParty(state, party, { present: true, noMediaSince: isRunning(state) ? now : null })),
  );
  return onward(arrived, (state) => {
    if (isOver(state)) return greetLate(state, party, now);
    const effects: Effect[] = [stateFrame(state, party, now)];
    if (isAnswered(state)) effects.push({ kind: 'grant', to: party });
    if (state.parties[other].present) effects.push(send(party, { type: 'peer', party: other, present: true }));
    effects.push(send(other, { type: 'peer', party, present: true }));
    return step(state, ...effects);
  });
}

/** [SO3] Whoever comes to a call that is over reads how it ended. */
export const greetLate = (record: CallRecord, party: CallParty, now: number): Step =>
  step(record, stateFrame(record, party, now), { kind: 'farewell', to: party, close: isQuiet(record) });

/** [SO2] A socket closed: silence from here on; the other is told. */
export function socketClosed(record: CallRecord, { party }: EventOf<'socket.closed'>): Step {
  const gone = withParty(record, party, { present: false, mediaUp: false, noMediaSince: null });
  return step(gone, send(otherSide(party), { type: 'peer', party, present: false }));
}

/** [CN1] The party hears the other: from now on its proofs count for the clock. */
export function mediaConnected(record: CallRecord, { party }: EventOf<'media.connected'>, now: number): Step {
  const { mediaUp } = record.parties[party];
  const up = withParty(record, party, { mediaUp: true, noMediaSince: null });
  return onward(step(up, ...(mediaUp ? [] : [note(now, 'media.connected', {}, party)])), (state) => takeProof(state, party, now, now));
}

/** [PF1] Media could not be had. `direct` is the last provider of the chain, so the call ends. */
export const mediaFailed = (record: CallRecord, event: EventOf<'media.failed'>, now: number): Step =>
  onward(step(record, note(now, 'media.failed', { provider: event.provider, reason: event.reason }, event.party)), (state) =>
    end(state, 'provider_failed', now, { party: event.party, detail: { provider: event.provider } }),
  );

/** [SG1] Passed on verbatim while the call is answered. */
export const signal = (record: CallRecord, { party, data }: EventOf<'signal'>): Step =>
  step(record, send(otherSide(party), { type: 'signal', from: party, data: { ...data } }));

/** [MC1] One party asks for the other medium; [MC2] the same wish from the other one agrees. */
export function mediaChange(record: CallRecord, { party, media }: EventOf<'media.change'>, now: number): Step {
  const { change } = record;
  if (change?.agreed) return refused(record, 'validation_failed', 'A change of medium is under way already.');
  if (media === record.media) {
    // Asking for what there is takes an open wish back, whoever had it.
    const effects = change ? tellBoth({ media, by: party, agreed: false }) : [];
    return step({ ...record, change: null }, ...effects);
  }
  // An insistent device must not fill the timeline.
  if (change?.by === party && change.media === media) return step(record);
  const lately = record.wishes[party].filter((at) => at > now - MINUTE_MS);
  if (lately.length >= WISHES_A_MINUTE)
    return refused(record, 'rate_limited', 'You asked for that several times just now. Please wait a minute.');
  const wishes = { ...record.wishes, [party]: [...lately, now] };
  const agreed = change !== null && change.by !== party && change.media === media;
  const wished: CallRecord = { ...record, wishes, change: { media, by: agreed ? change.by : party, agreed, next: null } };
  return agreed
    ? step(wished, { kind: 'tariff', media })
    : step(wished, note(now, 'media.change.asked', { media }, party), ...tellBoth({ media, by: party, agreed: false }));
}

/** [MC3] The price of the other medium is known: it holds from the next checkpoint. Without one nothing changes. */
export function tariffFound(record: CallRecord, { media, tariff, means, ...asked }: EventOf<'tariff.found'>, now: number): Step {
  const { change, clock } = record;
  if (!change?.agreed || change.media !== media || change.next !== null || clock === null) return step(record);
  if (tariff === null) {
    const sorry = { type: 'error', code: 'callee_unavailable', message: 'This call can’t change to that.' } as const;
    return step({ ...record, change: null }, note(now, 'media.change.refused', { media }), send('caller', sorry), send('callee', sorry));
  }
  return step(
    withMoney(
      { ...record, media, change: { ...change, next: { tariff, fromMs: clock.connectedMs } } },
      { means: means ? heard(record, means, asked, now) : record.money.means },
    ),
    note(now, 'media.changed', { media, tariffId: tariff.id, fromMs: clock.connectedMs }),
    ...tellBoth({ media, by: change.by, agreed: true }),
  );
}

const tellBoth = (change: { media: CallRecord['media']; by: CallParty; agreed: boolean }): Effect[] => [
  send('caller', { type: 'media.change', ...change }),
  send('callee', { type: 'media.change', ...change }),
];
