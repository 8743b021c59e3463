/** A relay of one's own on loopback: Debian's coturn, with the secret that the Worker makes credentials from. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePorts, HOST } from '../../scripts/stack/ports.ts';
import { run } from '../../scripts/stack/processes.ts';
import type { Variables } from '../../scripts/stack/runtime.ts';
import { findTurnserver } from '../../scripts/test/turnserver.ts';
import { eventually } from './harness.ts';

const SECRET = 'relay-of-the-journeys';

export interface Relay {
  /** What the Worker must know to use it. */
  readonly variables: Variables;
  stop(): Promise<void>;
}

/** @param folder for its output */
export async function startRelay(folder: string): Promise<Relay> {
  const command = findTurnserver();
  assert.ok(command, 'coturn is installed');
  const { api: port } = await freePorts();
  const running = run({
    name: 'the relay',
    command,
    args: [
      ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--log-file=stdout', `--pidfile=${join(folder, 'turnserver.pid')}`],
      ...[`--listening-ip=${HOST}`, `--relay-ip=${HOST}`, `--listening-port=${port}`, '--min-port=49160', '--max-port=49260'],
      ...['--use-auth-secret', `--static-auth-secret=${SECRET}`, '--realm=hearthline.test', '--allow-loopback-peers'],
    ],
    log: join(folder, 'logs', 'relay.log'),
  });
  await eventually('the relay listens', async () => {
    assert.ok(!running.hasExited(), `the relay runs: ${running.lastWords()}`);
    return listens(port);
  });
  return {
    variables: { TURN_URLS: `turn:${HOST}:${port}?transport=udp`, TURN_SECRET: `local_${SECRET}` },
    stop: running.stop,
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: HOST });
    const tell = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => tell(true));
    socket.once('error', () => tell(false));
  });
}
