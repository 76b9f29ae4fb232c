/** What a scenario does to an account. */
export type StressShock =
  /** The market index falls by this part of its value; each position moves by its beta. */
  | { readonly kind: 'indexFall'; readonly fraction: number }
  /** All yields rise in parallel, basis points; each position moves by its duration. */
  | { readonly kind: 'ratesRise'; readonly basisPoints: number }
  /** Every position falls by so many of its own daily standard deviations on one day: diversification is gone. */
  | { readonly kind: 'correlationsToOne'; readonly deviations: number }
  /** Everything is sold while half spreads are this many times as wide. */
  | { readonly kind: 'liquidity'; readonly spreadMultiple: number }
  /** Everything is sold while only this part of the usual volume trades: impact grows, and leaving takes longer. */
  | { readonly kind: 'volumeFalls'; readonly volumeFraction: number; readonly participationFraction: number }
  /** The market opens this part of its value lower: a stop on the way fills at the open, not at its price. */
  | { readonly kind: 'gapThroughStop'; readonly fraction: number; readonly stopFraction: number };

/** How far under its last close a stop usually lies, a fraction: what opens beyond it has gapped through it. */
export const gapThroughStopFraction = 0.05;

/** One scenario: what happened, or might, and where its figure comes from. */
export interface StressScenario {
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly shock: StressShock;
  /** First and last day, `YYYY-MM-DD`; absent where nothing of the kind is dated. */
  readonly days?: { readonly from: string; readonly to: string };
  readonly source: string;
}

/**
 * The standard scenarios. Index falls are of the S&P 500 from close to close, except where the title says otherwise;
 * they are written as the two levels, so that anybody can check them.
 */
export const stressScenarios: readonly StressScenario[] = [
  {
    name: 'crash-1987',
    title: 'Black Monday',
    shock: indexFall(282.7, 224.84),
    days: { from: '1987-10-16', to: '1987-10-19' },
    source: 'S&P 500 closes 282.70 and 224.84; Report of the Presidential Task Force on Market Mechanisms (1988)',
  },
  {
    name: 'dot-com-2000',
    title: 'Dot-com bust',
    shock: indexFall(1_527.46, 776.76),
    days: { from: '2000-03-24', to: '2002-10-09' },
    source: 'S&P 500 closes 1,527.46 and 776.76',
  },
  {
    name: 'financial-crisis-2008',
    title: 'Financial crisis',
    shock: indexFall(1_565.15, 676.53),
    days: { from: '2007-10-09', to: '2009-03-09' },
    source: 'S&P 500 closes 1,565.15 and 676.53',
  },
  {
    name: 'flash-crash-2010',
    title: 'Flash crash, from the close before to the lowest print of the day',
    shock: indexFall(1_165.87, 1_065.79),
    days: { from: '2010-05-05', to: '2010-05-06' },
    source: 'S&P 500 close 1,165.87 and low 1,065.79; CFTC and SEC, Findings regarding the market events (2010)',
  },
  {
    name: 'pandemic-2020',
    title: 'Pandemic',
    shock: indexFall(3_386.15, 2_237.4),
    days: { from: '2020-02-19', to: '2020-03-23' },
    source: 'S&P 500 closes 3,386.15 and 2,237.40',
  },
  {
    name: 'inflation-2022',
    title: 'Inflation and rising rates',
    shock: indexFall(4_796.56, 3_577.03),
    days: { from: '2022-01-03', to: '2022-10-12' },
    source: 'S&P 500 closes 4,796.56 and 3,577.03',
  },
  {
    name: 'rates-up-200',
    title: 'Yields up by two percentage points',
    shock: { kind: 'ratesRise', basisPoints: 200 },
    source: 'Basel Committee, Interest rate risk in the banking book (2016), parallel shock of the dollar',
  },
  {
    name: 'correlations-to-one',
    title: 'Every position falls by four of its own deviations on one day',
    shock: { kind: 'correlationsToOne', deviations: 4 },
    source: 'Longin and Solnik, Extreme correlation of international equity markets (2001): correlations rise in falls',
  },
  {
    name: 'liquidity-dries-up',
    title: 'Everything is sold at ten times the usual spread',
    shock: { kind: 'liquidity', spreadMultiple: 10 },
    source: 'CFTC and SEC, Findings regarding the market events (2010): depth of books fell by nine tenths and more',
  },
  {
    name: 'liquidity-halved',
    title: 'Half the usual volume trades, and everything is sold',
    shock: { kind: 'volumeFalls', volumeFraction: 0.5, participationFraction: 0.1 },
    source: 'a convention; impact by the square root: Toth et al., Physical Review X 1 (2011)',
  },
  {
    name: 'gap-through-stop',
    title: 'A gap through a stop: the market opens where it closed on 19 October 1987',
    shock: { kind: 'gapThroughStop', fraction: (282.7 - 224.84) / 282.7, stopFraction: gapThroughStopFraction },
    source: 'S&P 500 closes 282.70 and 224.84; that it opens there is supposed',
  },
];

function indexFall(from: number, to: number): StressShock {
  return { kind: 'indexFall', fraction: (from - to) / from };
}
