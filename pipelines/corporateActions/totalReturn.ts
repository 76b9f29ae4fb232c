import type { ActionColumns } from '#domain/bars.ts';

/** Raw closes with what was paid and split, each shape [sessions]. */
export interface RawCloses {
  readonly close: Float64Array;
  readonly actions: ActionColumns;
}

/**
 * What a dollar held over a session's eve became: (close + dividend) x split ratio / close before, the dividend being
 * told for a share after the split.
 * @param row from 1 on
 */
export function grossReturn({ close, actions }: RawCloses, row: number): number {
  return ((close[row]! + actions.dividend[row]!) * actions.splitRatio[row]!) / close[row - 1]!;
}

/**
 * Closes with splits and dividends taken back, from the last session backward: the last one stays as it was printed,
 * and the ratio of two is the total return between them.
 * @param closes finite and positive
 * @returns shape [sessions]
 */
export function backwardAdjusted(closes: RawCloses): Float64Array {
  const adjusted = new Float64Array(closes.close.length);
  for (let row = adjusted.length - 1; row >= 0; row -= 1) {
    adjusted[row] =
      row === adjusted.length - 1 ? closes.close[row]! : adjusted[row + 1]! / grossReturn(closes, row + 1);
  }
  return adjusted;
}

/**
 * The adjusted closes as they stood after a session: no later split or dividend is in them, so that they are what a
 * person could have known that evening.
 * @param row of the session that was the last then
 * @returns shape [row + 1]
 */
export function pointInTimeAdjusted({ close, actions }: RawCloses, row: number): Float64Array {
  return backwardAdjusted({
    close: close.subarray(0, row + 1),
    actions: {
      dividend: actions.dividend.subarray(0, row + 1),
      splitRatio: actions.splitRatio.subarray(0, row + 1),
    },
  });
}
