import { Option, type Command } from 'commander';
import { readMemberships } from '#infra/fileDrop/membershipFile.ts';
import { findStrategyLookAhead, type LookAheadKind, type LookAheadReport } from '#pipelines/backtest/lookAhead.ts';
import { unionOfSessions } from '#pipelines/sessionSpan.ts';
import { survivorship, type SurvivorshipReport } from '#pipelines/survivorship.ts';
import { exitCodes, tableText } from '../../answer.ts';
import { addStrategyOptions, chosenStrategy, type StrategyOptions } from '../../backtest/chosenStrategy.ts';
import { addPlayOptions, playRequest, type PlayOptions } from '../../backtest/playOptions.ts';
import { addBarSource, sourcedBars, type BarSourceOptions } from '../../backtest/barSource.ts';
import type { CommandContext } from '../../context.ts';
import { wholeOverZero } from '../costs/figureOptions.ts';

interface LookAheadOptions extends StrategyOptions, PlayOptions, BarSourceOptions {
  readonly cuts: number;
  readonly universe?: string;
}

const meanings: Readonly<Record<LookAheadKind, string>> = {
  futurePrice: 'it reads prices of sessions to come',
  fittedOnWholeSample: 'something was fitted on the whole history, what comes later included',
  survivorUniverse: 'it trades only what is still there at the end',
};

/** `backtest look-ahead`: whether a strategy decides the same when its future is taken away. */
export function registerLookAhead(backtest: Command, context: CommandContext): void {
  const command = backtest
    .command('look-ahead')
    .description('play a strategy on truncated histories and tell every decision that changes; exit code 3 if one does')
    .addOption(new Option('--cuts <count>', 'truncated histories').argParser(wholeOverZero).default(20))
    .option('--universe <file>', 'memberships of the index that the bars are drawn from: symbol, from, until');
  addPlayOptions(addBarSource(addStrategyOptions(command))).action(async (options: LookAheadOptions) => {
    const { definition, parameters, create } = await chosenStrategy(options);
    const { bars, input } = await sourcedBars(context, options);
    const { cash, rates, funding, participationFraction, marketCosts } = playRequest(bars, options);
    const account = {
      cash,
      rates,
      ...(funding && { funding }),
      ...(participationFraction && { participationFraction }),
      ...(marketCosts && { marketCosts }),
    };
    const report = findStrategyLookAhead({ bars, create, account, cuts: options.cuts });
    const universe = options.universe === undefined ? undefined : await readMemberships(options.universe);
    const coverage = universe && survivorship(universe, bars, unionOfSessions(bars));
    const biased = coverage !== undefined && isBiased(coverage);
    const kinds = biased ? [...new Set([...report.kinds, 'survivorUniverse' as const])] : report.kinds;
    context.answer({
      value: {
        strategy: definition.name,
        parameters,
        input,
        ...report,
        kinds,
        survivorship: coverage ?? null,
      },
      text: textOf(report, kinds, coverage),
      exitCode: kinds.length > 0 ? exitCodes.refused : exitCodes.ok,
    });
  });
}

/** Bars that hold more of the members that stayed than of those that left. */
function isBiased({ stayed, left }: SurvivorshipReport): boolean {
  return left.held * stayed.memberSessions < stayed.held * left.memberSessions;
}

function textOf(
  report: LookAheadReport,
  kinds: readonly LookAheadKind[],
  coverage: SurvivorshipReport | undefined,
): string {
  const { cuts, changes, comparedOrders } = report;
  const rows = changes.map(({ cutAfter, session, symbol, withFuture, withoutFuture }) => [
    cutAfter,
    session,
    symbol,
    withFuture.join('; ') || 'nothing',
    withoutFuture.join('; ') || 'nothing',
  ]);
  const members = coverage && [
    `of the members that left, ${coverage.left.held} of ${coverage.left.memberSessions} sessions have a bar; of those that stayed, ${coverage.stayed.held} of ${coverage.stayed.memberSessions}`,
  ];
  const verdict =
    kinds.length > 0
      ? kinds.map((kind) => `${kind}: ${meanings[kind]}`)
      : comparedOrders === 0
        ? ['no orders were placed, so nothing was compared']
        : ['no decision changed'];
  return [
    ...(rows.length === 0
      ? []
      : [tableText(['cut after', 'decided', 'symbol', 'with the future', 'without'], rows), '']),
    `${comparedOrders} orders compared over ${cuts.length} truncated histories`,
    ...(members ?? []),
    ...verdict,
  ].join('\n');
}
