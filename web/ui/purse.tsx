import type { Unit } from '../../worker/protocol/money.ts';
import { numberWords } from './format.ts';
import { useSession } from './session.tsx';
import { useStore } from './use-store.ts';

/** The balance as it is now; it moves by itself. */
export function Purse({ unit }: { unit: Unit }) {
  const { live } = useSession();
  const amount = useStore(live.balance.amounts)?.[unit];
  return (
    <span className="purse" data-testid={`balance-${unit}`}>
      {amount === undefined ? '…' : numberWords(amount)}
    </span>
  );
}
