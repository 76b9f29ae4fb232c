import { inks } from '../charts/palette.ts';
import { axisStyle, escapeText, plotGrid, renderChart, type ChartSize } from '../charts/renderChart.ts';
import { figureText, percentText } from '../figureText.ts';
import { windowStatistics } from '../walkForward.ts';
import { figure, section } from './page.ts';

interface Window {
  readonly index: number;
  readonly testFrom: string;
  readonly testTo: string;
  readonly sharpe: number | null;
  readonly totalReturn: number;
}

/** Sharpe ratio of every test window as bars, their statistics, and the windows' dates to unfold. */
export function windowsSection(windows: readonly Window[]): string {
  const title = 'Walk-forward windows';
  if (windows.length === 0) return section(title, 'There are none.', '');
  const { meanSharpe, stdSharpe, minSharpe, consistency } = windowStatistics(windows.map(({ sharpe }) => sharpe));
  const note =
    `Sharpe ratio by test window: mean ${figureText('sharpe', meanSharpe)}, deviation ${figureText('sharpe', stdSharpe)}, ` +
    `lowest ${figureText('sharpe', minSharpe)}, positive in ${figureText('consistency', consistency)} of ${windows.length}. ` +
    'Windows that overlap count sessions more than once; the figures above do not.';
  const rows = windows.map(
    ({ index, testFrom, testTo, sharpe, totalReturn }) =>
      `<tr><th scope="row">${index}</th><td>${escapeText(testFrom)}</td><td>${escapeText(testTo)}</td>` +
      `<td>${percentText(totalReturn)}</td><td>${figureText('sharpe', sharpe)}</td></tr>`,
  );
  const head = ['Window', 'Test from', 'to', 'Return', 'Sharpe'].map((text) => `<th scope="col">${text}</th>`).join('');
  return section(
    title,
    note,
    `${figure((size) => bars(windows, size))}<details><summary>Every window</summary><div class="scroll">` +
      `<table class="figures"><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`,
  );
}

function bars(windows: readonly Window[], size: ChartSize): string {
  const height = size.height * 0.72;
  const drawn = windows.map(({ sharpe }) => ({
    value: sharpe,
    itemStyle: { color: (sharpe ?? 0) < 0 ? inks.loss : inks.gain },
  }));
  return renderChart(
    {
      name: `windows-${size.width}`,
      description: `Sharpe ratio of ${windows.length} test windows, ${windows[0]!.testFrom} to ${windows.at(-1)!.testTo}`,
      size: { ...size, height },
    },
    {
      grid: plotGrid,
      xAxis: {
        type: 'category',
        data: windows.map(({ testFrom }) => testFrom.slice(0, 7)),
        ...axisStyle,
        axisLine: { show: true, lineStyle: { color: inks.muted, opacity: 0.6 } },
        axisLabel: { ...axisStyle.axisLabel, interval: Math.ceil(windows.length / (size.width < 500 ? 4 : 8)) - 1 },
        splitLine: { show: false },
      },
      yAxis: {
        type: 'value',
        splitNumber: 4,
        ...axisStyle,
        axisLabel: { ...axisStyle.axisLabel, formatter: (value: number) => String(value).replace('-', '−') },
      },
      series: [{ type: 'bar', silent: true, emphasis: { disabled: true }, barCategoryGap: '25%', data: drawn }],
    },
  );
}
