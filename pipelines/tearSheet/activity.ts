import { drawBars } from '../charts/barChart.ts';
import { drawTimeChart } from '../charts/timeChart.ts';
import { axisPercentText, percentText } from '../figureText.ts';
import { mean } from '../metrics/moments.ts';
import { figure, section } from './page.ts';
import { drawKnown, leftOut, shown, type SheetPart } from './part.ts';
import type { TearSheet } from './sheet.ts';

/** The part of equity that was invested, session by session. */
export function exposureSection({ sessions, exposure }: Pick<TearSheet, 'sessions' | 'exposure'>): SheetPart {
  const title = 'Exposure';
  return drawKnown(title, exposure, (values) => {
    if (sessions.length < 2) return leftOut(title, 'one session is no curve.');
    if (values.every((value) => value === 0)) return leftOut(title, 'nothing was ever held.');
    const average = percentText(mean(Float64Array.from(values))!);
    const note = `Market value of what was held over equity, at the close; ${average} on average.`;
    const chart = {
      name: 'exposure',
      description: `exposure: ${note}`,
      sessions,
      lines: [{ ink: 'strategy', values, weight: 'area' }],
      label: axisPercentText,
      scale: 'linear',
    } as const;
    return shown(
      section(
        title,
        note,
        figure((size) => drawTimeChart(chart, { ...size, height: size.height * 0.6 })),
      ),
    );
  });
}

/** What was traded of equity, month by month. */
export function turnoverSection({ sessions, turnover }: Pick<TearSheet, 'sessions' | 'turnover'>): SheetPart {
  const title = 'Turnover';
  return drawKnown(title, turnover, (values) => {
    if (values.every((value) => value === 0)) return leftOut(title, 'nothing was ever traded.');
    const months = new Map<string, number>();
    for (const [row, session] of sessions.entries()) {
      const month = session.slice(0, 7);
      months.set(month, (months.get(month) ?? 0) + values[row]!);
    }
    const average = percentText(mean(Float64Array.from(months.values()))!);
    const note = `Traded notional over equity, summed by month; ${average} a month on average.`;
    const chart = {
      name: 'turnover',
      description: `turnover by month: ${note}`,
      bars: [...months].map(([month, value]) => ({ label: month, value, ink: 'strategy' as const })),
      label: axisPercentText,
    };
    return shown(
      section(
        title,
        note,
        figure((size) => drawBars(chart, { ...size, height: size.height * 0.6 })),
      ),
    );
  });
}
