import { Failure } from '#domain/failure.ts';

/** What a column of a file means to us. */
export type DailyField =
  'symbol' | 'session' | 'open' | 'high' | 'low' | 'close' | 'adjustedClose' | 'volume' | 'dividend' | 'splitRatio';

/** How daily bars lie in files of one kind: the contract a delivery must keep. */
export interface DailyFileFormat {
  readonly name: string;
  readonly description: string;
  /** Header names by meaning, any case; the first that a file has is taken. */
  readonly columns: Readonly<Partial<Record<DailyField, readonly string[]>>>;
  /** The symbol in a file's name, where no column holds it: the first group. */
  readonly symbolInName?: RegExp;
  /** Each path is a folder of this layout, not of files with headers. */
  readonly layout?: 'lean';
  /** The split ratio is told as new shares for each old one less one (CRSP's factor to adjust price). */
  readonly splitLessOne?: boolean;
  /** A negative close is the mean of bid and ask of a session without a trade (CRSP). */
  readonly negativeClose?: boolean;
}

const prices = { open: ['open'], high: ['high'], low: ['low'], close: ['close'], volume: ['volume'] } as const;

/** The formats we read, by name. */
export const dailyFileFormats: readonly DailyFileFormat[] = [
  {
    name: 'plimsoll',
    description:
      'symbol, session (YYYY-MM-DD), open, high, low, close, volume; and either dividend and split_ratio beside raw ' +
      'prices, or adjusted_close beside prices adjusted for splits',
    columns: {
      symbol: ['symbol'],
      session: ['session'],
      ...prices,
      adjustedClose: ['adjusted_close'],
      dividend: ['dividend'],
      splitRatio: ['split_ratio'],
    },
  },
  {
    name: 'alpha-vantage',
    description: 'TIME_SERIES_DAILY_ADJUSTED as CSV, one file a symbol, named for it: SYMBOL.csv',
    columns: {
      session: ['timestamp'],
      ...prices,
      adjustedClose: ['adjusted_close'],
      dividend: ['dividend_amount'],
      splitRatio: ['split_coefficient'],
    },
    symbolInName: /^([A-Z0-9.-]+)\.(?:csv|parquet)/i,
  },
  {
    name: 'pooksoft',
    description: 'the same with names DA-SYMBOL-T-DATE.csv',
    columns: {
      session: ['timestamp'],
      ...prices,
      adjustedClose: ['adjusted_close'],
      dividend: ['dividend_amount'],
      splitRatio: ['split_coefficient'],
    },
    symbolInName: /^DA-(.+)-T-\d{4}-\d{2}-\d{2}\.csv/,
  },
  {
    name: 'yahoo',
    description: 'the download of a quote page, one file a symbol: Date, Open, High, Low, Close, Adj Close, Volume',
    columns: { session: ['date'], ...prices, adjustedClose: ['adj close'] },
    symbolInName: /^([A-Z0-9.^=-]+)\.(?:csv|parquet)/i,
  },
  {
    name: 'wrds-crsp',
    description: 'daily stock file of CRSP: ticker, date, openprc, askhi, bidlo, prc, vol, divamt, facpr',
    columns: {
      symbol: ['ticker'],
      session: ['date', 'dlycaldt'],
      open: ['openprc'],
      high: ['askhi'],
      low: ['bidlo'],
      close: ['prc'],
      volume: ['vol'],
      dividend: ['divamt'],
      splitRatio: ['facpr'],
    },
    splitLessOne: true,
    negativeClose: true,
  },
  {
    name: 'bloomberg',
    description: 'BDH with prices adjusted for splits: ticker, date, PX_OPEN, PX_HIGH, PX_LOW, PX_LAST, PX_VOLUME',
    columns: {
      symbol: ['ticker', 'security'],
      session: ['date', 'dates'],
      open: ['px_open'],
      high: ['px_high'],
      low: ['px_low'],
      close: ['px_last'],
      volume: ['px_volume'],
      adjustedClose: ['tot_return_index_gross_dvds', 'px_last'],
    },
  },
  {
    name: 'lean',
    description:
      'a folder of LEAN for one market (equity/usa) with daily, map_files and factor_files: zips of headerless CSV, ' +
      'tickers through time, and the factors that dividends and splits are read from',
    columns: {},
    layout: 'lean',
  },
];

/**
 * The format of a name.
 * @throws Failure FILE_FORMAT_UNKNOWN
 */
export function dailyFileFormat(name: string): DailyFileFormat {
  const found = dailyFileFormats.find((format) => format.name === name);
  if (found) return found;
  const names = dailyFileFormats.map((format) => format.name).join(', ');
  throw new Failure('FILE_FORMAT_UNKNOWN', `there is no file format ${JSON.stringify(name)}: known are ${names}`, {
    name,
  });
}
