/** Putting a product or a paywall live, and retiring it: both go one way, so both ask first, and the second by name. */
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../desk/dialog.tsx';
import { Diff } from '../../desk/diff.tsx';
import type { Done } from '../../desk/done.tsx';
import { useSeen } from '../../desk/seen.ts';
import { Typed } from '../../desk/typed.tsx';
import { useWords } from '../../words.ts';
import { useRenew } from './reading.ts';
import type { SaleState } from './said.tsx';

interface Props {
  /** What is typed before it goes. */
  readonly name: string;
  readonly now: { readonly state: SaleState; readonly changedAt: string };
  readonly to: 'live' | 'retired';
  /** What it will do. */
  readonly lead: ReactNode;
  readonly write: (seenChangedAt: string) => Promise<unknown>;
  readonly onDone: (done: Done) => void;
  readonly onClose: () => void;
}

export function Selling({ name, now, to, lead, write, onDone, onClose }: Props) {
  const { t } = useWords();
  const renew = useRenew();
  const { seen, meanwhile, save } = useSeen(now, renew);
  const [typed, setTyped] = useState('');
  const wasDraft = seen.state === 'draft';
  const must = to === 'retired' && !wasDraft;
  const what = to === 'live' ? 'live' : wasDraft ? 'discard' : 'retire';
  return (
    <Dialog
      title={t(`shop.${what}Title`, { name })}
      confirm={t(to === 'live' ? 'shop.putOnSale' : wasDraft ? 'tariffs.discard' : 'shop.retire')}
      danger={to === 'retired'}
      ready={!must || typed.trim() === name}
      onClose={onClose}
      onConfirm={() =>
        save(async (seenChangedAt) => {
          await write(seenChangedAt);
          await renew();
          onDone({ said: t(`shop.${what}Done`, { name }) });
        })
      }
    >
      {lead}
      {meanwhile && (
        <div className="note warn stack-tight">
          <p>{t('seen.crossed')}</p>
          <Diff
            before={new Map([[t('calls.state'), t(`shop.state.${seen.state}`)]])}
            after={new Map([[t('calls.state'), t(`shop.state.${meanwhile.state}`)]])}
          />
        </div>
      )}
      {must && <Typed name={name} value={typed} onChange={setTyped} />}
    </Dialog>
  );
}
