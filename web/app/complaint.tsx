/** “This is wrong”, of a call or of a purchase: why, in one's own words if one likes, read by a person of ours. */
import { Radio, Stack, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';

interface ComplaintProps<Reason extends string> {
  /** It was told before: said in place of everything else. */
  readonly told: boolean;
  /** What opens it. */
  readonly opener: (open: () => void) => ReactNode;
  /** What it is about, for those who listen. */
  readonly name: string;
  readonly className: string;
  /** What stands above the form. */
  readonly lead: ReactNode;
  readonly reasons: readonly Reason[];
  /** Chosen until somebody chooses. */
  readonly usual: Reason;
  readonly words: {
    readonly why: string;
    readonly reason: (reason: Reason) => string;
    readonly text: string;
    readonly send: string;
    readonly told: string;
  };
  /** Has it told. What it throws stands in the form, and nothing typed is lost. */
  readonly send: (reason: Reason, text: string) => Promise<unknown>;
}

export function Complaint<Reason extends string>(props: ComplaintProps<Reason>) {
  const { told, opener, name, className, lead, reasons, usual, words, send } = props;
  const { t } = useTranslation();
  // Closed without being sent, it keeps what was chosen and written.
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<Reason>(usual);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function tell(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await send(reason, text);
      setOpen(false);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  }
  if (told)
    return (
      <p className="note" role="status">
        {words.told}
      </p>
    );
  if (!open) return <div>{opener(() => setOpen(true))}</div>;
  return (
    <section className={className} aria-label={name}>
      {lead}
      <Radio.Group label={words.why} value={reason} onChange={(chosen) => setReason(chosen as Reason)} size="lg">
        <Stack gap="sm" mt="sm">
          {reasons.map((each) => (
            <Radio key={each} value={each} label={words.reason(each)} size="md" />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea label={words.text} rows={3} maxLength={2000} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      {error !== null && <ProblemNote error={error} />}
      <div className="row">
        <Button loading={busy} onClick={() => void tell()}>
          {words.send}
        </Button>
        <Button variant="default" onClick={() => setOpen(false)}>
          {t('cancel')}
        </Button>
      </div>
    </section>
  );
}
