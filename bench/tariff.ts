/** Publishes a tariff, as staff do. */
import type { TariffTerms } from '../worker/protocol/http/tariffs.ts';
import { Person } from './client.ts';
import type { BenchPerson } from './runtime/people.ts';
import type { Runtime } from './runtime/start.ts';

/** A checkpoint of both parties every so many seconds, and none at the beginning. */
export function every(seconds: number): TariffTerms {
  const schedule = (amount: number) => ({ checkpoints: [{ atSeconds: seconds, amount }], then: { everySeconds: seconds, amount } });
  return {
    name: 'Often',
    match: { kind: 'direct' },
    parties: [
      { party: 'payer', unit: 'COIN', direction: 'debit', ...schedule(20) },
      { party: 'payee', unit: 'EARN', direction: 'credit', ...schedule(10) },
    ],
  };
}

export async function publish(runtime: Runtime, terms: TariffTerms): Promise<void> {
  const [staff] = await runtime.ask<BenchPerson[]>('people', [{ name: 'staff', role: 'admin', shard: 0 }]);
  if (!staff) throw new Error('nobody was made');
  const admin = new Person(runtime, staff);
  const { tariff } = await admin.ask('POST', '/admin/tariffs', terms);
  await admin.ask('POST', `/admin/tariffs/${tariff.id}/publish`);
}
