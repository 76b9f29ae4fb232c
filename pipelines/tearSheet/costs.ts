import { drawBars } from '../charts/barChart.ts';
import { figureText, percentText } from '../figureText.ts';
import { figure, section, textTable } from './page.ts';
import { drawKnown, leftOut, shown, type SheetPart } from './part.ts';
import type { TearSheet } from './sheet.ts';

/** What trading cost, by kind. */
export function costsSection({ costs }: Pick<TearSheet, 'costs'>): SheetPart {
  const title = 'Costs';
  return drawKnown(title, costs, ({ dollars, tradedDollars }) => {
    const kinds = Object.entries(dollars).sort(([, a], [, b]) => b - a);
    const total = kinds.reduce((sum, [, paid]) => sum + paid, 0);
    const paidKinds = kinds.filter(([, paid]) => paid !== 0);
    if (paidKinds.length === 0) return leftOut(title, 'nothing was paid.');
    const traded =
      tradedDollars === null || tradedDollars === 0
        ? ''
        : `, ${((total / tradedDollars) * 10_000).toFixed(1)} basis points of ${figureText('tradedDollars', tradedDollars)} traded`;
    const chart = {
      name: 'costs',
      description: `costs by kind: ${kinds.map(([kind, paid]) => `${kind} $${paid.toFixed(0)}`).join(', ')}`,
      bars: paidKinds.map(([kind, paid]) => ({ label: kind, value: paid, ink: paid < 0 ? 'gain' : 'loss' }) as const),
      label: (value: number) => figureText('axisDollars', value),
    };
    const rows = kinds.map(([kind, paid]) => [
      kind,
      figureText('paidDollars', paid),
      total > 0 ? percentText(paid / total) : '–',
    ]);
    const table = textTable({ head: ['Kind', 'Paid', 'Part of all'], rows }, 'figures');
    // One bar beside nothing says no more than its row.
    const picture =
      paidKinds.length > 1 ? figure((size) => drawBars(chart, { ...size, height: size.height * 0.6 })) : '';
    return shown(section(title, `${figureText('totalDollars', total)} in all${traded}.`, picture + table));
  });
}
