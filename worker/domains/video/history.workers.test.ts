import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { balance, codeOf, later, newMember, principalOf, Scene, START } from '../../../tests/calls.ts';
import { contextNow, type SignedIn } from '../../../tests/devices.ts';
import { newId } from '../../platform/ids.ts';
import { acquaintanceOf } from '../interaction/service.ts';
import { declineCall, endCall, listCalls, markCallsSeen, placeCall, readStory } from './service.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

async function ring(from: SignedIn, to: SignedIn) {
  later(1);
  return (await placeCall(contextNow(), await principalOf(from), { calleeId: to.userId, media: 'video' }, crypto.randomUUID())).call.id;
}

const lists = async (who: SignedIn, query: Parameters<typeof listCalls>[2] = {}) => {
  const { items, unseen } = await listCalls(contextNow(), await principalOf(who), query);
  return { ids: items.map(({ call }) => call.id), unseen };
};

describe('missed calls', () => {
  it('are those that came and stopped ringing, counted until they are seen', async () => {
    const { member: ada, companion: grace } = await Scene.open(500);
    const rings = { cancelled: await ring(grace, ada), declined: '' as string, outgoing: '' as string, again: '' as string };
    await endCall(contextNow(), await principalOf(grace), rings.cancelled as `call_${string}`);
    rings.declined = await ring(grace, ada);
    await declineCall(contextNow(), await principalOf(ada), rings.declined as `call_${string}`);
    rings.outgoing = await ring(ada, grace);
    await endCall(contextNow(), await principalOf(ada), rings.outgoing as `call_${string}`);
    rings.again = await ring(grace, ada);
    await endCall(contextNow(), await principalOf(grace), rings.again as `call_${string}`);

    expect(await lists(ada, { missed: 'true' })).toEqual({ ids: [rings.again, rings.cancelled], unseen: 2 });
    expect(await lists(ada, { missed: 'false' })).toEqual({ ids: [rings.outgoing, rings.declined], unseen: 2 });
    expect(await lists(ada, { direction: 'outgoing' })).toEqual({ ids: [rings.outgoing], unseen: 2 });
    expect((await lists(ada, { direction: 'incoming' })).ids).toEqual([rings.again, rings.declined, rings.cancelled]);
    expect((await lists(ada)).ids).toHaveLength(4);
    expect(await lists(grace, { missed: 'true' })).toEqual({ ids: [rings.outgoing], unseen: 1 });

    const asAda = await principalOf(ada);
    expect(await markCallsSeen(contextNow(), asAda, rings.cancelled as `call_${string}`)).toBe(1);
    expect(await markCallsSeen(contextNow(), asAda, undefined)).toBe(0);
    expect(await markCallsSeen(contextNow(), asAda, rings.cancelled as `call_${string}`)).toBe(0);
    expect((await lists(grace)).unseen).toBe(1);
  });

  it('are seen up to a call of one’s own only', async () => {
    const scene = await Scene.open(500);
    const id = await ring(scene.companion, scene.member);
    const stranger = await principalOf(await newMember(0));
    expect(await codeOf(markCallsSeen(contextNow(), stranger, id))).toBe('not_found');
    expect(await codeOf(markCallsSeen(contextNow(), stranger, newId('call')))).toBe('not_found');
    await endCall(contextNow(), await principalOf(scene.companion), id);
    expect((await lists(scene.member)).unseen).toBe(1);
  });
});

describe('a call that is over', () => {
  it('is told to each in plain words, with their own money', async () => {
    const scene = await (await Scene.open(500)).connect();
    await scene.talk(65);
    await endCall(contextNow(), await principalOf(scene.member), scene.id);
    await scene.alarm();
    const toAda = await readStory(contextNow(), await principalOf(scene.member), scene.id);
    expect(toAda.summary).toMatchObject({
      with: { id: scene.companion.userId },
      paid: [{ unit: 'COIN', amount: 129 }],
      earned: [],
      housePaid: [],
      endReason: 'hangup',
    });
    expect(toAda.summary.connectedMs).toBeGreaterThanOrEqual(60_000);
    expect(toAda.items.map(({ key }) => key)).toEqual(expect.arrayContaining(['rang', 'answered', 'connected', 'ended', 'paid']));
    expect(toAda.items.find(({ key }) => key === 'ended')?.params).toEqual({ reason: 'hangup', by: 'you' });
    const toGrace = await readStory(contextNow(), await principalOf(scene.companion), scene.id);
    expect(toGrace.summary).toMatchObject({ with: { id: scene.member.userId }, paid: [], earned: [{ unit: 'EARN', amount: 60 }] });
    expect(JSON.stringify(toGrace)).not.toContain('COIN');
    const stranger = await principalOf(await newMember(0));
    expect(await codeOf(readStory(contextNow(), stranger, scene.id))).toBe('not_found');
  });

  it('is a talk of the two; one that never connected is none', async () => {
    const scene = await (await Scene.open(500)).connect();
    await scene.talk(30);
    await endCall(contextNow(), await principalOf(scene.companion), scene.id);
    await scene.alarm();
    const missed = await ring(scene.member, scene.companion);
    await endCall(contextNow(), await principalOf(scene.member), missed);
    const known = await acquaintanceOf(contextNow(), await principalOf(scene.companion), scene.member.userId);
    expect(known).toMatchObject({ talks: 1, lastTalks: [{ callId: scene.id, media: 'video' }] });
    expect(known?.connectedMs).toBe((await scene.call()).connectedMs);
  });
});

it('a companion rings a member: the member answers, pays and is told so', async () => {
  const open = await Scene.open(500);
  const { member: ada, companion: grace } = open;
  const scene = await open.turned().connect();
  expect((await scene.call()).callerId).toBe(grace.userId);
  await scene.talk(65);
  expect(await balance(ada, 'COIN')).toBe(500 - 129);
  expect(await balance(grace, 'EARN')).toBe(60);
  await endCall(contextNow(), await principalOf(ada), scene.id);
  await scene.alarm();
  const toAda = await readStory(contextNow(), await principalOf(ada), scene.id);
  expect(toAda.summary).toMatchObject({ with: { id: grace.userId }, paid: [{ unit: 'COIN', amount: 129 }] });
  expect(toAda.items[0]).toMatchObject({ key: 'rang', params: { by: 'them' } });
  expect(await acquaintanceOf(contextNow(), await principalOf(grace), ada.userId)).toMatchObject({ talks: 1 });
});
