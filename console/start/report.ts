import type { DemonstrationOutcome } from './demonstration.ts';
import type { Platform } from './platform.ts';

/** What `start --json` prints. */
export interface StartReport {
  readonly snapshot: { readonly digest: string; readonly symbols: readonly string[]; readonly rows: number };
  readonly training: {
    readonly mlflowRunId: string;
    readonly modelVersion: string;
    readonly artifactDigest: string;
    readonly samplesPerSecond: number;
  };
  readonly walkForward: {
    readonly windows: number;
    readonly meanSharpe: number | null;
    readonly stdSharpe: number | null;
    readonly minSharpe: number | null;
  };
  readonly baselines: Readonly<Record<string, unknown>>;
  readonly promotion: {
    readonly gate: string;
    /** What the honest gate alone would have decided. */
    readonly honestDecision: 'passed' | 'failed';
    readonly decision: string;
    readonly reviewers: readonly string[];
  };
  /** Null when no session was traded. */
  readonly session: {
    readonly date: string;
    readonly orders: number;
    readonly fills: number;
    readonly equity: number;
    readonly reconciled: boolean;
  } | null;
  readonly guard: { readonly state: string };
  /** The account that held equal weights through 2020-03-16. */
  readonly breaker: { readonly state: string; readonly reason: string };
  readonly audit: { readonly records: number; readonly verified: boolean };
  readonly urls: Readonly<Record<string, string>>;
  readonly seconds: Readonly<Record<string, number>>;
}

/** Gathers what happened into the report. */
export function startReport(
  { lifecycle, session, guard, breaker }: DemonstrationOutcome,
  facts: {
    readonly platform: Platform;
    readonly runUrl: string;
    readonly audit: StartReport['audit'];
    readonly seconds: StartReport['seconds'];
  },
): StartReport {
  const { snapshot, training, validation, promotion } = lifecycle;
  const { mlflowRunId, modelVersion, artifactDigest, samplesPerSecond } = training;
  const { windows, meanSharpe, stdSharpe, minSharpe, figures } = validation;
  const { temporal, mlflow, objects } = facts.platform.stack.addresses;
  return {
    snapshot: { digest: snapshot.digest, symbols: snapshot.symbols, rows: snapshot.rows },
    training: { mlflowRunId, modelVersion, artifactDigest, samplesPerSecond: Math.round(samplesPerSecond) },
    walkForward: { windows, meanSharpe, stdSharpe, minSharpe },
    baselines: {
      validation: training.baselines,
      walkForward: Object.fromEntries(
        Object.entries(figures).filter(([name]) => name === 'walkForward.sharpe' || name.startsWith('baseline.')),
      ),
    },
    promotion: {
      gate: promotion.gate.name,
      honestDecision: promotion.honestGate.verdict,
      decision: promotion.decision,
      reviewers: promotion.reviewers,
    },
    session: session?.kind === 'closed' ? sessionFigures(session.report) : null,
    guard: { state: guard.state },
    breaker: { state: breaker.state, reason: breaker.reason },
    audit: facts.audit,
    urls: {
      console: facts.platform.consoleUrl,
      temporal: `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows`,
      mlflow: mlflow.url,
      run: facts.runUrl,
      ...(objects.consoleUrl !== undefined && { objects: objects.consoleUrl }),
    },
    seconds: facts.seconds,
  };
}

function sessionFigures(report: {
  readonly session: string;
  readonly orders: number;
  readonly fills: number;
  readonly equity: number;
  readonly reconciled: boolean;
}): NonNullable<StartReport['session']> {
  const { session: date, orders, fills, equity, reconciled } = report;
  return { date, orders, fills, equity, reconciled };
}

/** The verdict as a table for people. */
export function verdictText(report: StartReport): string {
  const { walkForward, promotion, session, guard, breaker, audit, urls } = report;
  const shown = (value: number | null): string => value?.toFixed(2) ?? 'undefined';
  const rows: readonly (readonly [string, string])[] = [
    [
      'snapshot',
      `${report.snapshot.digest.slice(0, 16)}, ${report.snapshot.rows} rows, ${report.snapshot.symbols.join(' ')}`,
    ],
    ['model', `version ${report.training.modelVersion}, artifact ${report.training.artifactDigest.slice(0, 16)}`],
    [
      'walk-forward',
      `${walkForward.windows} windows, Sharpe ${shown(walkForward.meanSharpe)} ± ${shown(walkForward.stdSharpe)}, worst ${shown(walkForward.minSharpe)}`,
    ],
    ['honest gate', promotion.honestDecision],
    [
      'decision',
      `${promotion.decision} by the gate "${promotion.gate}", reviewers ${promotion.reviewers.join(', ') || 'none'}`,
    ],
    [
      'session',
      session
        ? `${session.date}: ${session.orders} orders, ${session.fills} fills, equity ${session.equity.toFixed(2)}, ${session.reconciled ? 'reconciled' : 'NOT reconciled'}`
        : 'none',
    ],
    ['guard', guard.state],
    ['breaker shown', `${breaker.state}: ${breaker.reason}`],
    ['audit chain', `${audit.records} records, ${audit.verified ? 'verified' : 'BROKEN'}`],
    ...Object.entries(urls),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}
