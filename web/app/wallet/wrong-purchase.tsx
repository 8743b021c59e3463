/** “This is wrong”, of a purchase: a person of ours reads it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { complainOfPurchase, listPurchaseComplaints, purchaseComplaintReason } from '../../../worker/protocol/http/purchase-complaints.ts';
import type { Id } from '../../../worker/protocol/ids.ts';
import { Button } from '../../ui/button.tsx';
import { useSession } from '../../ui/session.tsx';
import { Complaint } from '../complaint.tsx';

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
  const told = complaints.data?.some((complaint) => complaint.purchaseId === purchaseId) ?? false;
  return (
    <Complaint
      told={told}
      opener={(open) => (
        <Button variant="default" size="md" onClick={open} aria-label={t('shop.complaint.openOf', { what })}>
          {t('shop.complaint.open')}
        </Button>
      )}
      name={t('shop.complaint.openOf', { what })}
      className="stack complaint"
      lead={<p>{t('shop.complaint.lead', { what })}</p>}
      reasons={purchaseComplaintReason.options}
      usual="charged_wrongly"
      words={{
        why: t('shop.complaint.why'),
        reason: (reason) => t(`shop.complaint.reason.${reason}`),
        text: t('shop.complaint.text'),
        send: t('shop.complaint.send'),
        told: t('shop.complaint.told'),
      }}
      send={async (reason, text) => {
        await api.call(complainOfPurchase, { params: { id: purchaseId }, body: { reason, text } });
        await queries.invalidateQueries({ queryKey: ['purchase-complaints'] });
      }}
    />
  );
}
