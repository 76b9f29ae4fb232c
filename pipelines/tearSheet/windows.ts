import { drawBars } from '../charts/barChart.ts';
import { escapeText } from '../charts/renderChart.ts';
import { figureText, percentText } from '../figureText.ts';
import { windowStatistics } from '../walkForward.ts';
import { figure, section } from './page.ts';
import { drawKnown, leftOut, shown, type SheetPart } from './part.ts';
import type { SheetWindow, TearSheet } from './sheet.ts';

/** Sharpe ratio of every test window as bars, their statistics, and the windows' dates to unfold. */
export function windowsSection({ windows }: Pick<TearSheet, 'windows'>): SheetPart {
  const title = 'Walk-forward windows';
  return drawKnown(title, windows, (known) =>
    known.length === 0 ? leftOut(title, 'there are none.') : shown(drawWindows(title, known)),
  );
}

function drawWindows(title: string, windows: readonly SheetWindow[]): string {
  const { meanSharpe, meanSharpeError, stdSharpe, minSharpe, consistency } = windowStatistics(windows);
  const note =
    `Sharpe ratio by test window: mean ${figureText('sharpe', meanSharpe)}, deviation ${figureText('sharpe', stdSharpe)}, ` +
    `lowest ${figureText('sharpe', minSharpe)}, positive in ${figureText('consistency', consistency)} of ${windows.length}. ` +
    'Windows that overlap count sessions more than once; the figures above do not. ' +
    `Standard error of the mean that admits the overlap (Newey and West): ${figureText('sharpe', meanSharpeError)}.`;
  const rows = windows.map(
    ({ index, train, testFrom, testTo, sharpe, totalReturn }) =>
      `<tr><th scope="row">${index}</th><td>${escapeText(train?.from ?? '–')}</td><td>${escapeText(train?.to ?? '–')}</td><td>${escapeText(testFrom)}</td><td>${escapeText(testTo)}</td>` +
      `<td>${percentText(totalReturn)}</td><td>${figureText('sharpe', sharpe)}</td></tr>`,
  );
  const head = ['Window', 'Train from', 'to', 'Test from', 'to', 'Return', 'Sharpe']
    .map((text) => `<th scope="col">${text}</th>`)
    .join('');
  const chart = {
    name: 'windows',
    description: `Sharpe ratio of ${windows.length} test windows, ${windows[0]!.testFrom} to ${windows.at(-1)!.testTo}`,
    bars: windows.map(({ testFrom, sharpe }) => ({
      label: testFrom.slice(0, 7),
      value: sharpe,
      ink: (sharpe ?? 0) < 0 ? ('loss' as const) : ('gain' as const),
    })),
    label: (value: number) => String(value).replace('-', '−'),
  };
  const picture = figure((size) => drawBars(chart, { ...size, height: size.height * 0.72 }));
  return section(
    title,
    note,
    `${picture}<details><summary>Every window</summary><div class="scroll">` +
      `<table class="figures"><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`,
  );
}
