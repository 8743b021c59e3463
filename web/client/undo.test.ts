import { expect, test } from 'vitest';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeServer, problemOf } from './fake-server.ts';
import { type Act, UNDO_MS, Undos } from './undo.ts';

const userId = 'usr_01m7xz2gcdfvm8xwv1ha7afe0s';
const sessionId = 'ses_01m7xz2gcdfvm8xwv1ha7afe0s';
const unblock: Act = { kind: 'unblock', userId, name: 'Hugo', reason: 'spam' };
const signOut: Act = { kind: 'sign_out', sessionId, device: 'Firefox' };

function setUp(remembered: readonly Act[] = []) {
  const clock = new FakeClock();
  const server = new FakeServer(({ method }) => ({ status: method === 'PUT' ? 200 : 204, body: {} }));
  const kept = { acts: remembered };
  const changed: string[] = [];
  const undos = new Undos({
    api: server.api,
    clock,
    memory: {
      read: () => kept.acts,
      write: (acts) => {
        kept.acts = acts;
      },
    },
    onChanged: ({ kind }) => changed.push(kind),
  });
  undos.begin();
  const said = () => server.asked.map(({ method, path }) => `${method} ${path}`);
  const states = () => undos.notes.get().map(({ state }) => state);
  return { clock, server, kept, changed, undos, said, states };
}

test('an unblock is done at once, and taking it back blocks again for the same reason', async () => {
  const { clock, server, undos, said, states, changed } = setUp();
  await undos.do(unblock);
  expect([said(), states()]).toEqual([[`DELETE /me/blocks/${userId}`], ['done']]);
  await clock.advance(60_000);
  expect(states()).toEqual(['done']);
  await undos.undo(1);
  expect(server.asked.at(-1)).toMatchObject({ method: 'PUT', path: `/me/blocks/${userId}`, body: { reason: 'spam' } });
  expect([states(), changed]).toEqual([['undone'], ['unblock', 'block']]);
});

test('what can’t be done at once is thrown, and leaves nothing to undo', async () => {
  const { server, undos, states } = setUp();
  server.answerWith(() => problemOf(503, 'overloaded'));
  await expect(undos.do(unblock)).rejects.toMatchObject({ code: 'overloaded' });
  expect(states()).toEqual([]);
});

test('a device is signed out after ten seconds and not before', async () => {
  const { clock, undos, said, states, kept, changed } = setUp();
  await undos.do(signOut);
  await clock.advance(UNDO_MS - 1);
  expect([said(), states(), kept.acts]).toEqual([[], ['waiting'], [signOut]]);
  await clock.advance(1);
  expect([said(), states(), kept.acts, changed]).toEqual([[`DELETE /auth/sessions/${sessionId}`], ['done'], [], ['sign_out']]);
});

test('all of the inbox is marked as read after ten seconds, or at once by a page that goes away', async () => {
  const all: Act = { kind: 'read_all', upTo: 7 };
  const { clock, server, undos, said, states } = setUp();
  await undos.do(all);
  await undos.undo(1);
  await clock.advance(UNDO_MS);
  expect([said(), states()]).toEqual([[], ['undone']]);
  await undos.do(all);
  await undos.leave();
  expect(server.asked).toMatchObject([{ method: 'POST', path: '/me/notifications/read', body: { upTo: 7 } }]);
  // Done, it has no opposite: there is nothing to take back.
  await undos.do(all);
  await clock.advance(UNDO_MS);
  const done = undos.notes.get().at(-1);
  await undos.undo(done?.id ?? 0);
  expect([said().length, states().at(-1)]).toEqual([2, 'done']);
});

test('taken back in time, the device stays signed in', async () => {
  const { clock, undos, said, states } = setUp();
  await undos.do(signOut);
  await clock.advance(UNDO_MS - 1);
  await undos.undo(1);
  await clock.advance(60_000);
  expect([said(), states(), clock.waiting]).toEqual([[], ['undone'], 0]);
});

test('the wait stands still while somebody is at the note, and then begins anew', async () => {
  const { clock, undos, said } = setUp();
  await undos.do(signOut);
  await clock.advance(9_000);
  undos.hold(1);
  await clock.advance(60_000);
  undos.release(1);
  await clock.advance(UNDO_MS - 1);
  expect(said()).toEqual([]);
  await clock.advance(1);
  expect(said()).toHaveLength(1);
});

test('closing the note, or leaving the page, carries out what waits', async () => {
  for (const go of ['close', 'leave'] as const) {
    const { clock, undos, said } = setUp();
    await undos.do(signOut);
    if (go === 'close') undos.close(1);
    else void undos.leave();
    await settle();
    await clock.advance(60_000);
    expect(said()).toEqual([`DELETE /auth/sessions/${sessionId}`]);
  }
});

test('what waited when the tab was reloaded is carried out, once, also where the device is gone already', async () => {
  const { server, kept, changed } = setUp([signOut]);
  await settle();
  expect([server.asked.map(({ path }) => path), kept.acts, changed]).toEqual([[`/auth/sessions/${sessionId}`], [], ['sign_out']]);
  const gone = setUp();
  gone.server.answerWith(() => problemOf(404, 'not_found'));
  await gone.undos.do(signOut);
  await gone.clock.advance(UNDO_MS);
  expect(gone.states()).toEqual(['done']);
});

test('what the leaving page could not do stays remembered', async () => {
  const { server, undos, kept } = setUp();
  server.answerWith(() => problemOf(503, 'overloaded'));
  await undos.do(signOut);
  await undos.leave();
  expect(kept.acts).toEqual([signOut]);
  server.answerWith(() => ({ status: 204 }));
  await undos.do(signOut);
  await undos.leave();
  expect([kept.acts, undos.notes.get()]).toEqual([[], []]);
});

test('what fails after the wait says so', async () => {
  const { clock, server, undos } = setUp();
  server.answerWith(() => problemOf(503, 'overloaded'));
  await undos.do(signOut);
  await clock.advance(UNDO_MS);
  expect(undos.notes.get()).toMatchObject([{ state: 'failed', error: { code: 'overloaded' } }]);
});

test('a third act pushes the oldest note out, which carries it out', async () => {
  const { undos, said, states } = setUp();
  await undos.do(signOut);
  await undos.do(unblock);
  await undos.do(unblock);
  await settle();
  expect(states()).toEqual(['done', 'done']);
  expect(said()).toContain(`DELETE /auth/sessions/${sessionId}`);
});
