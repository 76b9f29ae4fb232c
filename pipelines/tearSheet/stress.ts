import { percentText } from '../figureText.ts';
import { curveStress } from '../stress/curveStress.ts';
import { section, textTable } from './page.ts';
import { leftOut, shown, type SheetPart } from './part.ts';
import type { TearSheet } from './sheet.ts';

/** What the standard scenarios do to the curve, and whether that was recorded or is modelled. */
export function stressSection(sheet: TearSheet): SheetPart {
  const title = 'Stress';
  const outcomes = curveStress(sheet);
  if (outcomes.every(({ kind }) => kind === 'unknown')) return leftOut(title, outcomes[0]!.basis);
  const rows = outcomes.map(({ title: scenario, kind, change, basis }) => [
    scenario,
    change === null ? '–' : percentText(change),
    kind,
    basis,
  ]);
  const note =
    'Recorded: what the curve did in those sessions, or how its positions opened. Modelled: what its beta, its own deviation, ' +
    'its costs and the fullest book it held make of the scenario; nobody has lived through that.';
  return shown(section(title, note, textTable({ head: ['Scenario', 'Change', '', 'How'], rows })));
}
