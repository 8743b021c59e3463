/** The golden example of money.md: the default tariff for direct calls, and what the tests count on. */
import type { TariffTerms } from '../../protocol/http/tariffs.ts';

export const goldenTariff: TariffTerms = {
  name: 'Direct calls',
  match: { kind: 'direct' },
  parties: [
    {
      party: 'payer',
      unit: 'COIN',
      direction: 'debit',
      checkpoints: [
        { atSeconds: 0, amount: 9 },
        { atSeconds: 20, amount: 60 },
        { atSeconds: 60, amount: 60 },
      ],
      then: { everySeconds: 60, amount: 60 },
    },
    {
      party: 'payee',
      unit: 'EARN',
      direction: 'credit',
      checkpoints: [
        { atSeconds: 20, amount: 30 },
        { atSeconds: 60, amount: 30 },
      ],
      then: { everySeconds: 60, amount: 30 },
    },
  ],
  grace: { seconds: 60, perDay: 3 },
  maxSeconds: null,
};
