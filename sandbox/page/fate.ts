/** What becomes of a mail: told to the Worker as SendGrid tells it, signed, and one of them hours late and twice. */
import type { Listed } from '../outbox.ts';
import { make } from './element.ts';

interface Fate {
  readonly label: string;
  readonly event: string;
  readonly ago?: number;
  readonly times?: number;
}

const fates: readonly Fate[] = [
  { label: 'It arrived', event: 'delivered' },
  { label: 'No such mailbox', event: 'bounce' },
  { label: 'No such mailbox, told two hours late and twice', event: 'bounce', ago: 7_200, times: 2 },
  { label: 'Reported as spam', event: 'spamreport' },
];
const leaving: Fate = { label: 'Left the group', event: 'group_unsubscribe' };

/** Buttons below a mail, with the way to stop mails like it; null of a mail that says nothing of itself. */
export function fateOf({ id, mail }: Listed): HTMLElement | null {
  if (!mail) return null;
  const said = make('p', { class: 'soft', role: 'status' });
  const stop = /<(.*)>/.exec(mail.headers['List-Unsubscribe'] ?? '')?.[1];
  const tell = async ({ event, ago, times }: Fate): Promise<void> => {
    said.textContent = 'The Worker could not be told.';
    const answer = await fetch('/api/mail-events', { method: 'POST', body: JSON.stringify({ message: id, event, ago, times }) });
    const { statuses } = (await answer.json()) as { statuses?: readonly number[] };
    if (statuses) said.textContent = `The Worker answered ${statuses.join(' and ')}.`;
  };
  const buttons = [...fates, ...(mail.asmGroup === null ? [] : [leaving])].map((fate) => {
    const button = make('button', { type: 'button' }, fate.label);
    button.addEventListener('click', () => void tell(fate));
    return button;
  });
  return make(
    'details',
    { class: 'fate' },
    make('summary', {}, 'What becomes of it'),
    stop === undefined ? null : make('p', {}, make('a', { href: stop }, 'Stop mails like it, as its reader can')),
    make('div', {}, ...buttons),
    said,
  );
}
