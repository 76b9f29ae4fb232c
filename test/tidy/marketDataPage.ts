import { dailyFileFormats } from '#infra/fileDrop/fileFormats.ts';
import { defaultContractRules } from '#pipelines/contract/contractRules.ts';
import { ruleTexts } from '#pipelines/contract/ruleTexts.ts';

const recordedAnswers = [
  '## What recorded data showed',
  '',
  'By the commands, on 2026-11-21, on data with known answers; the tests of these commands hold the same.',
  '',
  '| command | answer |',
  '| --- | --- |',
  '| `data check` of 61 US stocks, 318,149 rows, 1999 to 2021 | every known flaw found; the rule that speaks most, `returnOutlier`, in 0.037 % of rows |',
  '| `calendar sessions --exchange XNYS`, 1990 to 2023 | 8,324 of 8,324 sessions, opens and closes equal to the second |',
  '| `data book` of 99,574 events of depth, two files | 1,072 of 1,072 best bids and asks at common update ids, 0 gaps |',
  '| `data resample --to 15min` of 1,950 minutes of SPY | 130 of 130 bars equal in every figure |',
  '',
] as const;

/** docs/market-data.md as the formats and the rules say it. */
export function marketDataPage(): string {
  const formats = dailyFileFormats.map(({ name, description, columns }) => {
    const headers = Object.entries(columns).map(([field, names]) => `${field}: ${names.join(' or ')}`);
    return `| \`${name}\` | ${description} | ${headers.join('; ')} |`;
  });
  const rules = Object.entries(ruleTexts).map(([rule, { meaning, thresholds, action }]) => {
    const read = thresholds.map((name) => `\`${name}\` ${defaultContractRules[name]}`);
    return `| \`${rule}\` | ${meaning} | ${read.join(', ')} | ${action} |`;
  });
  return [
    '# Market data on files',
    '',
    'Written from `infra/fileDrop/fileFormats.ts` and `pipelines/contract/ruleTexts.ts`; a test keeps it equal',
    '(`UPDATE_DOCS=1 npx vitest run --project tidy` writes this page anew).',
    '',
    '## Formats of daily bars',
    '',
    'Headers in any case; CSV, gzipped CSV or Parquet. `plimsoll data convert` writes any of them as `plimsoll`.',
    '',
    '| format | layout | headers by meaning |',
    '| --- | --- | --- |',
    ...formats,
    '',
    '## Bars and trades within sessions',
    '',
    '`plimsoll data resample` reads CSV with datetime (or timestamp, date, time), open, high, low, close, volume in any',
    "order; times without a zone are New York's. What a stamp means is told by where stamps lie, or the command refuses.",
    'It also reads zip files of LEAN: minute and second bars of trades, stamped at their start, and ticks, whose sale',
    'conditions decide what a trade may do to a bar.',
    '',
    '## An index through time',
    '',
    '`plimsoll data universe` lists the members of an index on a day as they were known on that day, from a file of',
    'memberships: symbol (or ticker), from (or start_date), until (or end_date), which is the first day no more a member.',
    '`plimsoll data survivorship` holds bars against it: what they lack of the members that left since is what makes a',
    'backtest look better than the market was. A file of sectors (symbol, sector, industry) speaks of its own day only.',
    '',
    '## Regimes',
    '',
    '`plimsoll data regime` tells at each close how wild a market is: the exponentially weighted volatility of its returns',
    '(decay 0.94), ranked among those of the last 756 sessions; under 0.33 calm, from 0.75 turbulent, from 0.95 crisis,',
    'left for a calmer one 0.05 under its border. Nothing after the close is looked at: later bars change no reading.',
    "A session's decision records the regime of the benchmark at the close that it was made from. `trading.regimes` says",
    'what each of them makes of strategy and limits: the part of the largest position, of leverage and of the volatility',
    'target that is left, and the confidence that a forecast needs. Nothing is changed unless it is set; a history that is',
    'too short to tell counts as the strictest. Sizing, the checks before every order and the backtest obey alike.',
    '',
    'Halts and pauses of single symbols (limit up and limit down, news) come with a live feed; `plimsoll data capture',
    '--publish` keeps the last word on each in PostgreSQL, where every claim of an order looks: what adds exposure is',
    'denied as `SYMBOL_HALTED` until a later word lifts the halt, what only reduces goes to the venue, which holds it.',
    '`plimsoll data halts` lists them; `--lift` is for a halt whose end no feed told. Outside the session nothing is',
    'sent: `OUTSIDE_SESSION_HOURS`.',
    '',
    ...recordedAnswers,
    '## Rules of the data contract',
    '',
    'Thresholds stand in the configuration under `data.contract`, for ingests and for `plimsoll data check` alike.',
    'Fractions are of one; returns and distances are logs where the setting says so.',
    '',
    '| rule | meaning | thresholds and defaults | what is done |',
    '| --- | --- | --- | --- |',
    ...rules,
    '',
  ].join('\n');
}
