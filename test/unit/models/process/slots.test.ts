import { describe, expect, it } from 'vitest';
import { Slots } from '#models/process/slots.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('slots', () => {
  it('are given to who waits in order of arrival', async () => {
    const slots = new Slots(1);
    await slots.take();
    const order: string[] = [];
    const first = slots.take().then(() => order.push('first'));
    const second = slots.take().then(() => order.push('second'));
    await settle();
    expect(order).toEqual([]);
    slots.give();
    await first;
    expect(order).toEqual(['first']);
    slots.give();
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('are never more than there are, and none is lost', async () => {
    const slots = new Slots(3);
    let [held, most] = [0, 0];
    const visit = async (): Promise<void> => {
      await slots.take();
      held += 1;
      most = Math.max(most, held);
      await settle();
      held -= 1;
      slots.give();
    };
    await Promise.all(Array.from({ length: 20 }, visit));
    expect({ held, most }).toEqual({ held: 0, most: 3 });
  });

  it('are not held by one who left the queue', async () => {
    const slots = new Slots(1);
    await slots.take();
    const stop = new AbortController();
    const leaving = slots.take(stop.signal);
    const staying = slots.take();
    stop.abort(new Error('left'));
    await expect(leaving).rejects.toThrow('left');
    slots.give();
    await expect(staying).resolves.toBeUndefined();
    slots.give();
    await expect(slots.take(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    await expect(slots.take()).resolves.toBeUndefined();
  });

  it('stay with who took one, though the signal is aborted later', async () => {
    const slots = new Slots(1);
    const stop = new AbortController();
    await slots.take();
    const waiting = slots.take(stop.signal);
    slots.give();
    await waiting;
    const next = slots.take();
    stop.abort();
    slots.give();
    await expect(next).resolves.toBeUndefined();
  });
});
