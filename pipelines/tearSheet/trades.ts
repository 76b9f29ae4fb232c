import { drawBars } from '../charts/barChart.ts';
import { figureText, percentText } from '../figureText.ts';
import { mean } from '../metrics/moments.ts';
import { winsAndLosses } from '../metrics/winsAndLosses.ts';
import { figure, section, textTable } from './page.ts';
import { drawKnown, leftOut, shown, type SheetPart } from './part.ts';
import type { SheetTrade, TearSheet } from './sheet.ts';

/** Trades listed on a page, the latest; the JSON holds all. */
const listedMax = 200;
const binsMax = 24;

/** Closed trades: how their profits spread, what they come to, and the latest of them to unfold. */
export function tradesSection({ trades }: Pick<TearSheet, 'trades'>): SheetPart {
  const title = 'Trades';
  return drawKnown(title, trades, (known) => {
    if (known.length === 0) return leftOut(title, 'none was closed.');
    const profits = Float64Array.from(known, ({ profitDollars }) => profitDollars);
    const { winRate, averageWin, averageLoss, profitFactor } = winsAndLosses(profits);
    const summary = {
      'trades closed': String(known.length),
      won: figureText('winRate', winRate),
      'average win': figureText('averageWinDollars', averageWin),
      'average loss': figureText('averageLossDollars', averageLoss),
      'profit factor': figureText('profitFactor', profitFactor),
      'profit of all': figureText(
        'profitDollars',
        profits.reduce((sum, profit) => sum + profit, 0),
      ),
      'calendar days held, mean': mean(Float64Array.from(known, daysHeld))!.toFixed(1),
    };
    const items = Object.entries(summary).map(([name, text]) => `<div><dt>${name}</dt><dd>${text}</dd></div>`);
    const latest = known.slice(-listedMax).toReversed();
    const head = ['Symbol', 'Side', 'Shares', 'Opened', 'Closed', 'Profit', 'of its entry'];
    const rows = latest.map((trade) => [
      trade.symbol,
      trade.side,
      figureText('trades', trade.quantity),
      trade.openedOn,
      trade.closedOn,
      figureText('profitDollars', trade.profitDollars),
      trade.profitFraction === null ? '–' : percentText(trade.profitFraction),
    ]);
    const unfold = known.length > listedMax ? `The latest ${listedMax}` : 'Every trade';
    return shown(
      section(
        title,
        'From opening to end, after costs: how many ended with which profit.',
        `${histogram(profits)}<dl class="summary">${items.join('')}</dl>` +
          `<details><summary>${unfold}</summary>${textTable({ head, rows }, 'figures')}</details>`,
      ),
    );
  });
}

/** How many trades ended with a profit within each of equal ranges, a border of which lies at zero. */
function histogram(profits: Float64Array): string {
  const [least, most] = [Math.min(0, ...bounds(profits)), Math.max(0, ...bounds(profits))];
  const width = niceWidth((most - least) / binsMax);
  const first = Math.floor(least / width);
  const counts = new Map<number, number>();
  for (const profit of profits) {
    const bin = Math.floor(profit / width);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const last = Math.max(...counts.keys(), first);
  const bars = Array.from({ length: last - first + 1 }, (_, place) => {
    const bin = first + place;
    const ink = bin < 0 ? ('loss' as const) : ('gain' as const);
    return { label: figureText('fromDollars', bin * width), value: counts.get(bin) ?? 0, ink };
  });
  const description = `trades by profit, in ranges of ${figureText('widthDollars', width)}`;
  const chart = { name: 'trades', description, bars, label: String, labelStepMin: 1 };
  return figure((size) => drawBars(chart, { ...size, height: size.height * 0.6 }));
}

/** Least and greatest; a spread of thousands of arguments would overflow the stack. */
function bounds(values: Float64Array): readonly [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** The next of 1, 2, 5, 10 and so on at or over a width; a dollar at least. */
function niceWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(width, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= width)!;
}

function daysHeld({ openedOn, closedOn }: SheetTrade): number {
  return (Date.parse(closedOn) - Date.parse(openedOn)) / 86_400_000;
}
