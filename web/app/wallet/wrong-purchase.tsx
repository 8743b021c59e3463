/** “This is wrong”, of a purchase: a person of ours reads it. */
import { Radio, Stack, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  complainOfPurchase,
  listPurchaseComplaints,
  type PurchaseComplaintReason,
  purchaseComplaintReason,
} from '../../../worker/protocol/http/purchase-complaints.ts';
import type { Id } from '../../../worker/protocol/ids.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';

const reasons: readonly PurchaseComplaintReason[] = purchaseComplaintReason.options;

function useComplaints() {
  const { api } = useSession();
  return useQuery({
    queryKey: ['purchase-complaints'],
    queryFn: async () => (await api.call(listPurchaseComplaints, { query: { limit: 100 } })).items,
  });
}

export function WrongPurchase({ purchaseId, what }: { purchaseId: Id<'pur'>; what: string }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const complaints = useComplaints();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<PurchaseComplaintReason>('charged_wrongly');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const told = complaints.data?.some((complaint) => complaint.purchaseId === purchaseId) ?? false;
  const send = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await api.call(complainOfPurchase, { params: { id: purchaseId }, body: { reason, text } });
      await queries.invalidateQueries({ queryKey: ['purchase-complaints'] });
      setOpen(false);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  if (told)
    return (
      <p className="note" role="status">
        {t('shop.complaint.told')}
      </p>
    );
  if (!open)
    return (
      <div>
        <Button variant="default" size="md" onClick={() => setOpen(true)} aria-label={t('shop.complaint.openOf', { what })}>
          {t('shop.complaint.open')}
        </Button>
      </div>
    );
  return (
    <section className="stack complaint" aria-label={t('shop.complaint.openOf', { what })}>
      <p>{t('shop.complaint.lead', { what })}</p>
      <Radio.Group
        label={t('shop.complaint.why')}
        value={reason}
        onChange={(chosen) => setReason(chosen as PurchaseComplaintReason)}
        size="lg"
      >
        <Stack gap="sm" mt="sm">
          {reasons.map((each) => (
            <Radio key={each} value={each} label={t(`shop.complaint.reason.${each}`)} size="md" />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={t('shop.complaint.text')}
        rows={3}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {error !== null && <ProblemNote error={error} />}
      <div className="row">
        <Button loading={busy} onClick={() => void send()}>
          {t('shop.complaint.send')}
        </Button>
        <Button variant="default" onClick={() => setOpen(false)}>
          {t('cancel')}
        </Button>
      </div>
    </section>
  );
}
