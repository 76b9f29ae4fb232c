import type { WeighedGate } from '#domain/promotion.ts';
import type { ModelCard } from './modelCard.ts';
import { selectionFigures } from './overfit/selectionFigures.ts';
import { figuresOfCurves, type ValidationEvidence } from './validationEvidence.ts';
import { simulationSummary } from './sheetSimulation.ts';
import { curveTitles } from './validationSheet.ts';

/** What a card says of a candidate beside the evidence. */
export type CardSubject = Pick<
  ModelCard,
  'model' | 'modelVersion' | 'author' | 'mlflowRunId' | 'artifactDigest' | 'data' | 'training' | 'terms'
>;

const survivorship =
  'The six stocks were chosen because they did well: every figure here is flattered by that. Six survivors are no universe.';

/** The model card of a validation. */
export function validationCard(
  subject: CardSubject,
  evidence: ValidationEvidence,
  said: { readonly gates: readonly WeighedGate[]; readonly caveats: readonly string[] },
): ModelCard {
  const { stitched, holdout, simulation, ruinDrawdown } = evidence;
  const { network, benchmark, ...baselines } = figuresOfCurves(stitched);
  const titled = Object.entries(curveTitles) as [keyof typeof curveTitles, string][];
  return {
    ...subject,
    gates: said.gates,
    procedure: { ...network },
    holdout: {
      ...figuresOfCurves(holdout).network,
      from: holdout.sessions[0]!,
      to: holdout.sessions.at(-1)!,
    },
    baselines: {
      ...Object.fromEntries(titled.map(([name, title]) => [title, { ...baselines[name] }])),
      benchmark: { ...benchmark },
    },
    risk: { procedure: stitched.risk, holdout: holdout.risk },
    selection: { ...selectionFigures(stitched.returns.network, evidence.trials) },
    monteCarlo: simulationSummary(simulation, ruinDrawdown),
    survivorship,
    caveats: said.caveats,
  };
}
