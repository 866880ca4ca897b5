import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

const never = new AbortController().signal;

describe('slots', () => {
  it('let another tenant go before one that has its share', async () => {
    const slots = new Slots({ slots: 2, perTenant: 1, maxQueue: 3 });
    const order: string[] = [];
    const first = (await slots.take('a', never))!;
    const second = slots.take('a', never).then((leave) => (order.push('a'), leave!));
    const other = slots.take('b', never).then((leave) => (order.push('b'), leave!));
    await other;
    expect(order).toEqual(['b']);
    first();
    (await second)();
    (await other)();
    expect(order).toEqual(['b', 'a']);
    expect(slots.free).toBe(2);
  });

  it('refuse when too many wait, and count nobody who gave up waiting', async () => {
    const slots = new Slots({ slots: 1, perTenant: 1, maxQueue: 1 });
    const leave = (await slots.take('a', never))!;
    const patience = new AbortController();
    const waiting = slots.take('b', patience.signal);
    expect(() => slots.take('c', never)).toThrow('busy');
    patience.abort();
    expect(await waiting).toBeUndefined();
    leave();
    leave();
    expect(slots.free).toBe(1);
  });
});
