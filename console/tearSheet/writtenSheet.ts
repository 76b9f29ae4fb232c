import { InvalidArgumentError } from 'commander';
import { seededDraws } from '#domain/random.ts';
import { writeWholeFile } from '#infra/files/tableFile.ts';
import { curveSheet, type CurveSubject } from '#pipelines/curveSheet.ts';
import { monteCarlo, type MonteCarloPlan } from '#pipelines/monteCarlo.ts';
import { sheetSimulation } from '#pipelines/sheetSimulation.ts';
import { tearSheetHtml, tearSheetJson, tearSheetParts } from '#pipelines/tearSheet.ts';
import { leftOutOf } from '#pipelines/tearSheet/part.ts';
import { knownOf, type SheetTrade, type TearSheet } from '#pipelines/tearSheet/sheet.ts';

/** A curve with what else is known of it, before anything is simulated. */
export type SheetCurve = Omit<CurveSubject, 'title' | 'subtitle' | 'monteCarlo'>;

/** How a sheet's paths are made. */
export type SheetSimulationPlan = Required<Omit<MonteCarloPlan, 'tradeEnds'>> & { readonly seed: number };

/** A thousand paths of blocks of two weeks. */
export const usualSimulation: SheetSimulationPlan = {
  method: 'bootstrap',
  paths: 1_000,
  seed: 7,
  meanBlockSessions: 10,
  ruinDrawdown: 0.3,
};

/** What a sheet is made of. */
export interface SheetRequest {
  readonly title: string;
  readonly subtitle: string;
  readonly curve: SheetCurve;
  readonly simulation: SheetSimulationPlan;
}

/** A sheet and where it lies. */
export interface WrittenSheet {
  readonly sheet: TearSheet;
  readonly html: string;
  readonly json: string;
  /** Parts that are not on it, and why. */
  readonly leftOut: ReturnType<typeof leftOutOf>;
}

/**
 * Writes the tear sheet of a curve as a page, and as JSON beside it.
 * @param output FILE.html
 * @throws InvalidArgumentError for a name of another ending; Failure FILE_UNREADABLE where it cannot be written
 */
export async function writtenSheet(output: string, request: SheetRequest): Promise<WrittenSheet> {
  if (!/\.html?$/i.test(output)) throw new InvalidArgumentError(`${output} must end in .html.`);
  const { title, subtitle, curve, simulation } = request;
  const sheet = curveSheet({ title, subtitle, ...curve, monteCarlo: simulated(curve, simulation) });
  const parts = tearSheetParts(sheet);
  const json = output.replace(/\.html?$/i, '.json');
  await writeWholeFile(output, tearSheetHtml(sheet, parts));
  await writeWholeFile(json, tearSheetJson(sheet, parts));
  return { sheet, html: output, json, leftOut: leftOutOf(parts) };
}

function simulated(curve: SheetCurve, { seed, ...plan }: SheetSimulationPlan): TearSheet['monteCarlo'] {
  const ends = tradeEnds(curve.sessions, knownOf(curve.trades) ?? []);
  const whole = ends.length > 0 ? { ...plan, tradeEnds: ends } : plan;
  return sheetSimulation(monteCarlo(curve.strategy, whole, seededDraws(seed, 0)), plan.ruinDrawdown);
}

/** Rows after the sessions at which trades closed, each once. */
function tradeEnds(sessions: readonly string[], trades: readonly SheetTrade[]): readonly number[] {
  const closes = new Set<string>(trades.map(({ closedOn }) => closedOn));
  return sessions.flatMap((session, row) => (closes.has(session) ? [row + 1] : []));
}
