/** Adjustments above the limit: they wait here for a second person; what was decided can be looked up. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { decideApproval, listApprovals } from '../../../../worker/protocol/http/admin.ts';
import type { AnswerOf } from '../../../../worker/protocol/http/endpoint.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Across } from '../../desk/across.tsx';
import { Choose } from '../../desk/choose.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { rowInFocus, useRowKeys } from '../../desk/row-keys.ts';
import { change, PersonLink, useNames, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';

type Approval = AnswerOf<typeof listApprovals>['items'][number];
const states = ['waiting', 'approved', 'rejected'] as const;

export default function Approvals() {
  const { api } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const state = states.find((known) => known === query.state) ?? 'waiting';
  const approvals = usePaged(['approvals', state], (cursor, signal) =>
    api.call(listApprovals, { query: { state, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
  );
  return (
    <div className="stack-tight">
      <div className="head">
        <h1>{t('sections.approvals')}</h1>
        <Choose
          label={t('calls.state')}
          value={state}
          options={states}
          wordOf={(known) => t(`approvals.${known}`)}
          onChange={(known) => setQuery({ state: known })}
        />
      </div>
      <Paged of={approvals} empty={t(state === 'waiting' ? 'approvals.none' : 'approvals.noneDecided')}>
        {(items) => <Table items={items} />}
      </Paged>
    </div>
  );
}

function Table({ items }: { items: readonly Approval[] }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [deciding, setDeciding] = useState<{ approval: Approval; approve: boolean } | null>(null);
  const nameOf = useNames(items.flatMap(({ userId, requestedBy, decidedBy }) => [userId, requestedBy, ...(decidedBy ? [decidedBy] : [])]));
  const table = useRowKeys<HTMLTableElement>();
  const isMine = ({ state, requestedBy }: Approval): boolean => state === 'waiting' && requestedBy !== me.id;
  const decideFocused = (approve: boolean): void => {
    const approval = items.find(({ id }) => id === rowInFocus());
    if (approval && isMine(approval)) setDeciding({ approval, approve });
  };
  const open = items.some(isMine);
  useCommand({ keys: 'a', label: t('approvals.approve'), group: 'here', run: () => decideFocused(true) }, open);
  useCommand({ keys: 'r', label: t('approvals.reject'), group: 'here', run: () => decideFocused(false) }, open);
  return (
    <Across label={t('sections.approvals')}>
      <table ref={table} className="rows-table">
        <thead>
          <tr>
            <th scope="col">{t('approvals.asked')}</th>
            <th scope="col">{t('approvals.for')}</th>
            <th scope="col" className="figure">
              {t('money.change')}
            </th>
            <th scope="col">{t('money.unit')}</th>
            <th scope="col">{t('reason.label')}</th>
            <th scope="col">{t('approvals.by')}</th>
            <th scope="col">{t('approvals.decision')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((approval) => {
            const { id, userId, requestedBy, decidedBy, amount, unit, reason, createdAt, state } = approval;
            const what = { amount: change(amount), unit: t(`unit.${unit}`), name: nameOf(userId) };
            return (
              <tr key={id}>
                <td>
                  <When at={createdAt} />
                </td>
                <td>
                  <PersonLink id={userId} name={nameOf(userId)} row={id} />
                </td>
                <td className="figure">{change(amount)}</td>
                <td>{t(`unit.${unit}`)}</td>
                <td className="text">{reason}</td>
                <td>
                  <PersonLink id={requestedBy} name={nameOf(requestedBy)} />
                </td>
                <td>
                  {isMine(approval) ? (
                    <span className="row-tight">
                      <button
                        type="button"
                        className="act go"
                        aria-label={t('approvals.approveWhat', what)}
                        onClick={() => setDeciding({ approval, approve: true })}
                      >
                        {t('approvals.approve')} <Keys of="a" />
                      </button>
                      <button
                        type="button"
                        className="act"
                        aria-label={t('approvals.rejectWhat', what)}
                        onClick={() => setDeciding({ approval, approve: false })}
                      >
                        {t('approvals.reject')} <Keys of="r" />
                      </button>
                    </span>
                  ) : state === 'waiting' ? (
                    <span className="soft">{t('approvals.own')}</span>
                  ) : (
                    <>
                      {t(`approvals.${state}`)} {decidedBy && <PersonLink id={decidedBy} name={nameOf(decidedBy)} />}
                    </>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {deciding && (
        <Dialog
          title={t(deciding.approve ? 'approvals.approveTitle' : 'approvals.rejectTitle')}
          confirm={t(deciding.approve ? 'approvals.approve' : 'approvals.reject')}
          danger={!deciding.approve}
          onClose={() => setDeciding(null)}
          onConfirm={async () => {
            try {
              await api.call(decideApproval, { params: { id: deciding.approval.id }, body: { approve: deciding.approve } });
            } finally {
              await queries.invalidateQueries({ queryKey: ['approvals'] });
            }
          }}
        >
          <p>
            {t('approvals.what', {
              amount: change(deciding.approval.amount),
              unit: t(`unit.${deciding.approval.unit}`),
              name: nameOf(deciding.approval.userId),
              by: nameOf(deciding.approval.requestedBy),
            })}
          </p>
          <blockquote>{deciding.approval.reason}</blockquote>
        </Dialog>
      )}
    </Across>
  );
}
