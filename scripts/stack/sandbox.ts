/** The outside world on this desk (sandbox/): mail and SMS end here. */
import { join } from 'node:path';
import { answering } from './answers.ts';
import { originOf, type Ports } from './ports.ts';
import { type Running, run } from './processes.ts';

export function startSandbox(state: string, ports: Ports): Promise<Running> {
  const running = run({
    name: 'the sandbox',
    command: process.execPath,
    args: ['sandbox/server.ts'],
    env: { HEARTHLINE_SANDBOX_PORT: String(ports.sandbox), HEARTHLINE_API_PORT: String(ports.api), HEARTHLINE_STATE: state },
    log: join(state, 'logs', 'sandbox.log'),
  });
  return answering(running, [originOf(ports.sandbox)]);
}
