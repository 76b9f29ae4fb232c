import { Failure } from '#domain/failure.ts';
import { stressLosses, type StressedPosition, type StressLoss } from '#domain/risk/stress.ts';
import { stressScenarios, type StressScenario } from '#domain/stressScenarios.ts';
import { readScenarios } from '#infra/configuration/portfolioFiles.ts';
import { readStressedPositions } from '#infra/fileDrop/stressedPositions.ts';
import { tableText } from '../../answer.ts';
import type { CommandRegistration } from '../../context.ts';
import { digitsText, dollarText } from '../../figureText.ts';
import { fromZero } from '../costs/figureOptions.ts';

interface StressOptions {
  readonly portfolio: string;
  readonly cash: number;
  readonly scenarios?: string;
  readonly scenario?: string;
}

/** `risk stress`: what scenarios would take from a portfolio. */
export const registerRiskStress: CommandRegistration = (risk, context) => {
  risk
    .command('stress')
    .description('what a portfolio would lose in scenarios, at once and without a chance to trade')
    .requiredOption(
      '--portfolio <file>',
      'CSV or Parquet of symbol, value, beta, deviation, half_spread, duration, traded',
    )
    .option('--cash <dollars>', 'held beside the positions', fromZero, 0)
    .option('--scenarios <file>', 'YAML of scenarios instead of the standard ones')
    .option('--scenario <name>', 'one of them alone')
    .action(async (options: StressOptions) => {
      const positions = await readStressedPositions(options.portfolio);
      const scenarios = await chosen(options);
      const equity = positions.reduce((sum, { value }) => sum + value, options.cash);
      const losses = lossesOf(positions, equity, scenarios);
      const titles = new Map(scenarios.map(({ name, title }) => [name, title]));
      context.answer({
        value: {
          portfolio: options.portfolio,
          equity,
          scenarios: losses.map((loss, place) => ({
            ...loss,
            // JSON knows no infinity.
            lossFraction: loss.lossFraction === Number.POSITIVE_INFINITY ? null : loss.lossFraction,
            title: scenarios[place]!.title,
            shock: scenarios[place]!.shock,
            source: scenarios[place]!.source,
          })),
        },
        text: tableText(
          ['scenario', 'loss', 'of equity', 'what happens'],
          losses.map(({ scenario, loss, lossFraction }) => [
            scenario,
            loss === null ? 'not known' : dollarText(loss),
            lossFraction === Number.POSITIVE_INFINITY ? 'there is none' : digitsText(lossFraction),
            titles.get(scenario)!,
          ]),
        ),
      });
    });
};

async function chosen({ scenarios: path, scenario }: StressOptions): Promise<readonly StressScenario[]> {
  const all = path === undefined ? stressScenarios : await readScenarios(path);
  if (scenario === undefined) return all;
  const found = all.filter(({ name }) => name === scenario);
  if (found.length > 0) return found;
  const known = all.map(({ name }) => name).join(', ');
  throw new Failure('PORTFOLIO_INPUT_INVALID', `no scenario ${scenario}: there are ${known}`, { scenario });
}

function lossesOf(
  positions: readonly StressedPosition[],
  equity: number,
  scenarios: readonly StressScenario[],
): readonly StressLoss[] {
  try {
    return stressLosses(positions, equity, scenarios);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure('PORTFOLIO_INPUT_INVALID', error.message, {}, { cause: error });
  }
}
