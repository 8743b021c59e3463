/** Moving a member to another way to pay: what they pay by before and after, nothing left behind. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import { moveVersion, previewVersionMove } from '../../../../worker/protocol/http/version-moves.ts';
import type { OwnMeans } from '../../../../worker/protocol/means.ts';
import { type MonetizationVersion, monetizationVersion } from '../../../../worker/protocol/people.ts';
import { newKey } from '../../../client/api.ts';
import { isProblem } from '../../../client/problem.ts';
import { durationWords } from '../../../ui/format.ts';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { Choose } from '../../desk/choose.tsx';
import { Dialog, isReason, MOST_REASON, Reason } from '../../desk/dialog.tsx';
import { Diff } from '../../desk/diff.tsx';
import type { Done } from '../../desk/done.tsx';
import { Typed } from '../../desk/typed.tsx';
import { figure } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

export function MoveModel({ person, onDone, onClose }: { person: WholePerson; onDone: (done: Done) => void; onClose: () => void }) {
  const { api } = useSession();
  const { t } = useWords();
  const linesOf = useMeansLines();
  const queries = useQueryClient();
  const from = person.monetizationVersion;
  const others = monetizationVersion.options.filter((one) => one !== from);
  const [key, setKey] = useState(newKey);
  const [to, setTo] = useState<MonetizationVersion | undefined>();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const name = person.public.displayName || person.id;
  const preview = useQuery({
    queryKey: ['version-move', person.id, to],
    enabled: to !== undefined,
    retry: false,
    queryFn: async ({ signal }) => {
      if (!to) throw new Error('nothing was chosen');
      return (await api.call(previewVersionMove, { params: { id: person.id }, query: { to }, signal })).preview;
    },
  });
  const move = async (order: { to: MonetizationVersion; reason: string; key: string }): Promise<void> => {
    const body = { to: order.to, reason: order.reason };
    await api.call(moveVersion, { params: { id: person.id }, body, key: order.key });
    await Promise.all(['person', 'wallet-of'].map((one) => queries.invalidateQueries({ queryKey: [one, person.id] })));
  };
  return (
    <Dialog
      title={t('wallet.moveTitle', { name })}
      confirm={t('wallet.moveNow')}
      danger
      ready={preview.isSuccess && isReason(reason) && typed.trim() === name}
      onClose={onClose}
      onConfirm={async () => {
        if (!to) return;
        try {
          await move({ to, reason: reason.trim(), key });
        } catch (thrown) {
          // Another model or reason is another wish.
          if (isProblem(thrown, 'idempotency_conflict')) setKey(newKey());
          throw thrown;
        }
        const back = { to: from, reason: t('adjust.undoReason', { reason: reason.trim() }).slice(0, MOST_REASON), key: newKey() };
        onDone({
          said: t('wallet.moved', { name, model: t(`model.${to}`) }),
          undo: async () => {
            await move(back);
            onDone({ said: t('wallet.moved', { name, model: t(`model.${from}`) }) });
          },
        });
      }}
    >
      <Choose
        label={t('wallet.moveTo')}
        value={to}
        options={others}
        wordOf={(one) => t(`model.${one}`)}
        none={t('shop.choose')}
        onChange={setTo}
      />
      <p className="soft">{t('wallet.moveLead')}</p>
      {preview.isError && <ProblemNote error={preview.error} onRetry={() => void preview.refetch()} />}
      {preview.data && (
        <>
          <Diff before={linesOf(preview.data.before)} after={linesOf(preview.data.after)} />
          {preview.data.runningCallId && (
            <p className="note warn">
              {t('wallet.callGoesOn')}{' '}
              <Link to="/calls/$id" params={{ id: preview.data.runningCallId }}>
                {t('calls.open')}
              </Link>
            </p>
          )}
          <Reason value={reason} onChange={setReason} />
          <Typed name={name} value={typed} onChange={setTyped} />
        </>
      )}
    </Dialog>
  );
}

/** What somebody pays by, line by line, in the order in which it is spent. */
function useMeansLines(): (means: OwnMeans) => ReadonlyMap<string, string> {
  const { t } = useWords();
  const { t: words } = useTranslation();
  return ({ model, means }) =>
    new Map([
      [t('people.model'), t(`model.${model}`)],
      ...means.map((one): readonly [string, string] => {
        if (one.is === 'allowance')
          return [
            t('wallet.today'),
            t('wallet.leftToday', {
              time: durationWords(words, one.secondsLeft),
              ofTime: durationWords(words, one.seconds),
              messages: figure(one.messagesLeft),
              ofMessages: figure(one.messages),
            }),
          ];
        if (one.is === 'piece')
          return [
            t('wallet.piece'),
            t('wallet.pieceLeft', { audio: durationWords(words, one.audioSecondsLeft), messages: figure(one.messagesLeft) }),
          ];
        return [t(one.is === 'coins' ? 'unit.COIN' : 'unit.MOMENT'), figure(one.left)];
      }),
    ]);
}
