/** A call in plain words, as keys and numbers (N3, N4): what its timeline and receipt say to one of the two. */
import type { Call, CallParty, Receipt, TimelineItem } from '../../protocol/call/call.ts';
import { callMedia } from '../../protocol/call/call.ts';
import type { StoryItem, StorySummary } from '../../protocol/http/calls.ts';
import type { Unit, UnitAmount } from '../../protocol/money.ts';
import type { PersonCard } from '../../protocol/people.ts';

export interface Told {
  readonly call: Call;
  /** Who reads it, and who of the two pays. */
  readonly reader: CallParty;
  readonly payer: CallParty;
  readonly timeline: readonly TimelineItem[];
  readonly receipt: Receipt;
}

/** What happened, in the order it did; money behind the end, as it stands by now. */
export function itemsOf(told: Told): StoryItem[] {
  const { reader, timeline } = told;
  const by = (party: CallParty | undefined): string => (party === undefined ? 'none' : party === reader ? 'you' : 'them');
  const items: StoryItem[] = [];
  let interruptedAt: number | null = null;
  for (const { at, type, party, detail } of timeline) {
    const say = (key: StoryItem['key'], params: StoryItem['params'] = {}): void => void items.push({ at, key, params });
    switch (type) {
      case 'ringing':
        say('rang', { by: by('caller') });
        break;
      case 'accepted':
        say('answered', { by: by('callee') });
        break;
      case 'connected':
        say('connected');
        break;
      case 'media.change.asked':
        say('medium_asked', { media: mediaOf(detail), by: by(party) });
        break;
      case 'media.changed':
        say('medium_changed', { media: mediaOf(detail) });
        break;
      case 'media.change.refused':
        say('medium_stayed', { media: mediaOf(detail) });
        break;
      case 'reconnecting':
        interruptedAt ??= Date.parse(at);
        say('interrupted');
        break;
      case 'reconnected':
        say('went_on', { seconds: interruptedAt === null ? 0 : Math.max(0, Math.round((Date.parse(at) - interruptedAt) / 1000)) });
        interruptedAt = null;
        break;
      case 'ended':
        say('ended', { reason: String(detail.reason), by: by(party) });
        break;
      case 'settled':
        say('settled');
        break;
      default:
        break;
    }
  }
  const money = moneyItems(told, items.at(-1)?.at ?? told.call.createdAt);
  const settled = items.findIndex(({ key }) => key === 'settled');
  return settled < 0 ? [...items, ...money] : [...items.slice(0, settled), ...money, ...items.slice(settled)];
}

/** “18 minutes with Grace, 189 coins, nothing else”. */
export function summaryOf(told: Told, other: PersonCard): StorySummary {
  const { call, receipt } = told;
  return {
    with: other,
    media: call.media,
    connectedMs: receipt.connectedMs,
    ...moneyOf(told),
    endReason: call.endReason,
    settled: receipt.settled,
  };
}

function moneyItems(told: Told, last: string): StoryItem[] {
  const { paid, earned, housePaid } = moneyOf(told);
  const at = told.call.endedAt ?? last;
  const lines = (key: StoryItem['key'], amounts: readonly UnitAmount[]): StoryItem[] =>
    amounts.map(({ unit, amount }) => ({ at, key, params: { unit, amount } }));
  return [...lines('paid', paid), ...lines('house_paid', housePaid), ...lines('earned', earned)];
}

/** To the payer what they paid and what the house paid for them; to the payee what they earned. */
function moneyOf({ reader, payer, receipt }: Told): Pick<StorySummary, 'paid' | 'earned' | 'housePaid'> {
  const real = (amounts: readonly UnitAmount[]) => amounts.filter(({ amount }) => amount > 0);
  if (reader !== payer) return { paid: [], earned: real(receipt.totals.payee), housePaid: [] };
  const house = new Map<Unit, number>();
  for (const { party, paidBy, unit, amount } of receipt.checkpoints)
    if (party === 'payer' && paidBy !== 'coins') house.set(unit, (house.get(unit) ?? 0) + amount);
  return { paid: real(receipt.totals.payer), earned: [], housePaid: real([...house].map(([unit, amount]) => ({ unit, amount }))) };
}

const mediaOf = (detail: TimelineItem['detail']): string => callMedia.options.find((media) => media === detail.media) ?? 'audio';
