import type { DailyBars } from '#domain/bars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/** A source of daily bars. It answers with what the vendor said, unrepaired; checks come after. */
export interface MarketDataProvider {
  readonly name: string;
  /** Origin and licence, for snapshot manifests and screens. */
  readonly origin: string;
  /** Sessions the provider holds, oldest first. */
  sessions(): Promise<readonly SessionDate[]>;
  /** Bars of the tradable symbols in [from, to], inclusive; never a later session. */
  dailyBars(range: SessionRange): Promise<readonly DailyBars[]>;
  /** The benchmark's bars in [from, to]: an index, or `EQUAL-WEIGHT` where no index reaches, labelled per session. */
  benchmark(range: SessionRange): Promise<BenchmarkBars>;
}

/** Sessions from and to, both inclusive. */
export interface SessionRange {
  readonly from: SessionDate;
  readonly to: SessionDate;
}

/** A benchmark's closes with where each came from. */
export interface BenchmarkBars {
  readonly sessions: readonly SessionDate[];
  /** Shape [sessions], level of the index, any scale. */
  readonly close: Float64Array;
  /** Shape [sessions], e.g. `SP500` or `EQUAL-WEIGHT`. */
  readonly source: readonly string[];
}
