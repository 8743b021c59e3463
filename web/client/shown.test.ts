import { expect, test } from 'vitest';
import { type Attention, Shown } from './shown.ts';

const ring = { type: 'call.incoming', id: 'ntf_ring' } as const;
const message = { type: 'chat.event', id: 'ntf_message' } as const;
const note = { type: 'notification', id: 'ntf_note' } as const;

function setUp(attention: Attention) {
  const state = { ...attention, connected: true };
  const acked: string[] = [];
  const shown = new Shown(
    () => state,
    (id) => state.connected && acked.push(id) > 0,
  );
  return { state, acked, shown };
}

test('a page on the screen has shown whatever comes', () => {
  const { shown } = setUp({ visible: true, notices: false });
  for (const item of [ring, message, note]) expect(shown.take(item)).toBe(true);
});

test('a hidden page that may tell through the device has shown a call, and nothing else', () => {
  const { shown } = setUp({ visible: false, notices: true });
  expect([ring, message, note].map((item) => shown.take(item))).toEqual([true, false, false]);
});

test('a hidden page that may not has shown nothing, until somebody looks', () => {
  const { shown, state, acked } = setUp({ visible: false, notices: false });
  expect([ring, message].map((item) => shown.take(item))).toEqual([false, false]);
  shown.look();
  expect(acked).toEqual([]);
  state.visible = true;
  shown.look();
  shown.look();
  expect(acked).toEqual(['ntf_ring', 'ntf_message']);
});

test('what can’t be said without a line is said when there is one', () => {
  const { shown, state, acked } = setUp({ visible: false, notices: false });
  shown.take(message);
  Object.assign(state, { visible: true, connected: false });
  shown.look();
  state.connected = true;
  shown.look();
  expect(acked).toEqual(['ntf_message']);
});

test('no more is kept than the hub keeps, the newest', () => {
  const { shown, state, acked } = setUp({ visible: false, notices: false });
  for (let n = 1; n <= 301; n += 1) shown.take({ type: 'notification', id: `ntf_${n}` });
  state.visible = true;
  shown.look();
  expect([acked.length, acked[0], acked.at(-1)]).toEqual([300, 'ntf_2', 'ntf_301']);
});
