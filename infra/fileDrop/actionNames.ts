/** Headers, in lower case, of closes adjusted for dividends and splits, in usual exports. */
export const adjustedNames: readonly string[] = ['adjusted', 'adj close', 'adj_close', 'adjusted_close', 'adjclose'];

/** Of dividends, dollars a share as it is after the day's split. */
export const dividendNames: readonly string[] = ['dividend', 'dividends', 'divcash', 'dividend_amount'];

/** Of splits: new shares for an old one; 0 and 1 are none. */
export const splitNames: readonly string[] = [
  'split',
  'splits',
  'stock splits',
  'splitfactor',
  'split_ratio',
  'split_coefficient',
];
