import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderState } from '#domain/order.ts';
import {
  clientOrderId,
  isEndState,
  isLateNews,
  mayBecome,
  transition,
  type OrderEvidence,
} from '#domain/orderState.ts';
import { sessionDate } from '#domain/sessionDate.ts';

const states = [
  'intended',
  'denied',
  'sent',
  'acknowledged',
  'partiallyFilled',
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'unknown',
] as const satisfies readonly OrderState[];
const evidences = ['ours', 'answer', 'asked', 'absenceProven'] as const satisfies readonly OrderEvidence[];
const step = fc.record({ to: fc.constantFrom(...states), evidence: fc.constantFrom(...evidences) });
const parts = {
  account: 'paper-main',
  session: sessionDate('2010-01-04'),
  strategy: 'forecast',
  symbol: 'AAPL',
  sequence: 0,
};

describe('the states of an order', () => {
  it.each(['denied', 'filled', 'cancelled', 'rejected', 'expired'] as const)(
    'end with %s, whatever comes after',
    (end) => {
      expect(isEndState(end)).toBe(true);
      for (const to of states.filter((state) => state !== end)) {
        for (const evidence of evidences) expect(transition(end, to, evidence).kind).toBe('refused');
      }
    },
  );

  it('do not end while the venue may still fill', () =>
    expect(states.filter((state) => !isEndState(state))).toEqual([
      'intended',
      'sent',
      'acknowledged',
      'partiallyFilled',
      'unknown',
    ]));

  it('lead out of unknown only by asking, and to a second send only by proven absence', () => {
    for (const to of ['acknowledged', 'partiallyFilled', 'filled', 'rejected', 'expired'] as const) {
      expect(evidences.filter((evidence) => transition('unknown', to, evidence).kind === 'moved')).toEqual(['asked']);
    }
    expect(evidences.filter((evidence) => transition('unknown', 'sent', evidence).kind === 'moved')).toEqual([
      'absenceProven',
    ]);
  });

  it('let us give up only what the venue provably does not have', () => {
    expect(evidences.filter((evidence) => transition('unknown', 'cancelled', evidence).kind === 'moved')).toEqual([
      'asked',
      'absenceProven',
    ]);
    expect(transition('sent', 'cancelled', 'absenceProven').kind).toBe('moved');
    expect(transition('acknowledged', 'cancelled', 'absenceProven').kind).toBe('refused');
  });

  it.each([
    ['partiallyFilled', 'acknowledged', 'asked', true],
    ['filled', 'partiallyFilled', 'asked', true],
    ['cancelled', 'acknowledged', 'answer', true],
    ['cancelled', 'acknowledged', 'asked', false],
    ['rejected', 'acknowledged', 'answer', false],
    ['filled', 'cancelled', 'answer', false],
    ['cancelled', 'filled', 'asked', false],
    ['unknown', 'acknowledged', 'answer', false],
  ] as const)('%s: %s, by %s, is late news: %s', (...[from, to, evidence, isLate]) => {
    expect(transition(from, to, evidence).kind).toBe('refused');
    expect(isLateNews(from, to, evidence)).toBe(isLate);
  });

  it('lead from silence to unknown and never to rejected by our own doing', () => {
    expect(transition('sent', 'unknown', 'answer')).toEqual({ kind: 'moved', state: 'unknown' });
    expect(transition('sent', 'rejected', 'ours')).toEqual({
      kind: 'refused',
      state: 'sent',
      reason: 'sent becomes rejected by answer or asked, not by ours',
    });
  });

  it('never go back before the send: what may stand at the venue is neither denied nor intended', () => {
    for (const from of states.filter((state) => state !== 'intended')) {
      expect([from, mayBecome(from, 'intended')]).toEqual([from, false]);
      expect([from, mayBecome(from, 'denied')]).toEqual([from, from === 'denied']);
    }
  });

  it('keep what is filled in part from being rejected or acknowledged again', () => {
    expect(transition('partiallyFilled', 'rejected', 'asked').kind).toBe('refused');
    expect(transition('partiallyFilled', 'acknowledged', 'asked').kind).toBe('refused');
  });

  it('stay as they are when news is old or refused', () =>
    fc.assert(
      fc.property(fc.constantFrom(...states), step, (from, { to, evidence }) => {
        const { kind, state } = transition(from, to, evidence);
        expect(state).toBe(kind === 'moved' ? to : from);
        expect(kind === 'unchanged').toBe(from === to);
        expect(kind !== 'moved' || mayBecome(from, to)).toBe(true);
      }),
    ));

  it('hold one send for every order whose absence was never proven', () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state: OrderState = 'intended';
        let sends = 0;
        let proofs = 0;
        for (const { to, evidence } of steps) {
          const news = transition(state, to, evidence);
          if (news.kind === 'moved' && to === 'sent') sends += 1;
          if (news.kind === 'moved' && evidence === 'absenceProven') proofs += 1;
          ({ state } = news);
        }
        expect(sends).toBeLessThanOrEqual(1 + proofs);
      }),
    ));
});

describe('a client order id', () => {
  it('spells out whose order it is', () => expect(clientOrderId(parts)).toBe('paper-main-20100104-forecast-AAPL-0'));

  it.each([
    ['a hyphen in a symbol', { symbol: 'BRK-B' }],
    ['eight digits in an account', { account: 'a-20100104' }],
    ['eight digits in a strategy', { strategy: '20100104-b' }],
    ['a space', { strategy: 'my strategy' }],
    ['an empty account', { account: '' }],
    ['an empty symbol', { symbol: '' }],
    ['a negative sequence', { sequence: -1 }],
    ['half a sequence', { sequence: 0.5 }],
    ['more than 48 characters', { account: 'a'.repeat(24) }],
  ])('is refused with %s', (_, changed) => expect(() => clientOrderId({ ...parts, ...changed })).toThrow(RangeError));

  it('may be exactly 48 characters long', () =>
    expect(clientOrderId({ ...parts, account: 'a'.repeat(23) })).toHaveLength(48));

  it('differs for every two orders that differ', () => {
    const name = fc.stringMatching(/^[ab0-9]{1,3}(-[ab0-9]{1,8})?$/);
    const order = fc.record({
      account: name,
      session: fc.constantFrom('2010-01-04', '2010-01-05').map(sessionDate),
      strategy: name,
      symbol: fc.stringMatching(/^[A-B0.]{1,3}$/),
      sequence: fc.nat({ max: 20 }),
    });
    const idOf = (one: Parameters<typeof clientOrderId>[0]): string | undefined => {
      try {
        return clientOrderId(one);
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(order, order, (one, other) => {
        const id = idOf(one);
        fc.pre(id !== undefined);
        expect(id === idOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    // The pair that would read alike if a strategy could hold a session's date.
    expect(idOf({ ...parts, account: 'a', strategy: '20100104-b' })).toBeUndefined();
  });
});
