import type { Benchmark } from '#domain/benchmark.ts';

const ofAgents = [
  'The agent learnt that orders fill at the close they are decided at. Here, as in a session, they fill at the next open.',
  'In each window an agent is trained anew on the first part of its past; the last part, which only scores, teaches it nothing.',
  'Windows begin in cash. On the stitched curve the agent of each window takes over what the one before it left.',
  'An agent states no expected return: Kelly’s rule and the least confidence do not bind it, every other limit does.',
  'The straight lines beside it see the features of one session, as the agent does.',
];

/** What the figures of a validation do not say, in sentences for card and sheet. */
export function validationCaveats(
  benchmark: Benchmark,
  { restartAfterSessions }: { readonly restartAfterSessions: number | null },
  learner: 'forecaster' | 'agent',
): readonly string[] {
  const restarts =
    restartAfterSessions === null
      ? 'Nobody restarts an account that the breaker reduced or halted: it stays so to the end.'
      : `Two people are taken to restart an account ${restartAfterSessions} sessions after the breaker reduced or halted ` +
        'it, and losses before the restart to count no more: so the drawdown of the whole can exceed every level.';
  return [
    'Prices are split adjusted; dividends are credited in cash on their ex-date, as adjusted closes imply them.',
    `The benchmark is ${sourcesText(benchmark)}. An index of prices pays no dividends, while the strategies receive theirs.`,
    'Opening auctions are taken to fill at the printed open, moved by half the spread; what a halt sells at the open too.',
    restarts,
    'Equal weight is bought once and kept: no limit and no breaker holds it.',
    ...(learner === 'agent' ? ofAgents : []),
    'Windows overlap, so statistics over windows count sessions more than once; the stitched curve does not.',
  ];
}

/** Where the benchmark's closes come from, run by run. */
function sourcesText({ sessions, source }: Benchmark): string {
  const begins = sessions.flatMap((session, row) =>
    row > 0 && source[row] === source[row - 1] ? [] : [{ session, source: source[row]! }],
  );
  return begins.map((begun) => `${begun.source} from ${begun.session}`).join(', then ');
}
