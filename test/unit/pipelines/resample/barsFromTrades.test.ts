import { describe, expect, it } from 'vitest';
import type { Trade } from '#domain/marketEvents.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { TradeCondition } from '#domain/tradeConditions.ts';
import { barsFromTrades } from '#pipelines/resample/barsFromTrades.ts';

const at = (time: string): number => newYorkTimeMs(sessionDate('2013-10-07'), time);
const trade = (time: string, price: number, conditions: readonly TradeCondition[] = []): Trade => ({
  kind: 'trade',
  symbol: 'IBM',
  price,
  size: 10,
  exchange: 'N',
  conditions,
  tradeId: null,
  venueMs: at(time),
  receivedMs: 0,
});
const bars = (...trades: readonly Trade[]) => [...barsFromTrades(trades, 60_000)];

describe('bars of trades', () => {
  it('let odd lots and average prices add volume and move no price', () => {
    expect(
      bars(
        trade('09:30:01', 100, ['oddLot']),
        trade('09:30:02', 50),
        trade('09:30:03', 51),
        trade('09:30:04', 1, ['averagePrice', 'intermarketSweep']),
      ),
    ).toEqual([expect.objectContaining({ open: 50, high: 51, low: 50, close: 51, volume: 40, trades: 4 })]);
  });

  it('let a trade out of sequence move the range and not the close', () => {
    const [bar] = bars(trade('09:30:01', 50), trade('09:30:02', 60, ['soldOutOfSequence']));
    expect(bar).toMatchObject({ high: 60, close: 50 });
    expect(bars(trade('09:30:02', 60, ['soldOutOfSequence']))[0]).toMatchObject({ close: 60 });
  });

  it('count an official print for nothing: its trade was printed before', () => {
    expect(bars(trade('16:00:01', 50), trade('16:00:02', 50, ['officialClose']))[0]).toMatchObject({
      volume: 10,
      trades: 1,
    });
  });

  it('price extended hours by their own trades, and regular hours never by a late report of them', () => {
    expect(bars(trade('08:00', 50, ['extendedHours']))).toHaveLength(1);
    expect(bars(trade('09:31', 50, ['extendedHours']))).toEqual([]);
  });

  it('refuse trades that come after their bar, or without a stamp', () => {
    expect(() => bars(trade('09:31', 1), trade('09:30', 1))).toThrow('after its bar has ended');
    expect(() => bars({ ...trade('09:31', 1), venueMs: null })).toThrow('stamp');
  });
});
