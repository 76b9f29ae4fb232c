import { pickRows, type DailyBars } from '#domain/bars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { ContractRules } from './contractRules.ts';
import type { Finding } from './finding.ts';
import type { RuleOutcome } from './sessionRules.ts';

/**
 * A long silence within a symbol's rows: another company's earlier use of the ticker, or years under another name.
 * Only the rows after it are surely this instrument's; those before are left out.
 * @param bars ascending
 * @param expected ascending sessions of the calendar
 */
export function oneHolderOfTicker(
  bars: DailyBars,
  expected: readonly SessionDate[],
  rules: ContractRules,
): RuleOutcome {
  const { sessions } = bars;
  let resumed: number | undefined;
  let longest = 0;
  let next = 0;
  for (let row = 0; row < sessions.length; row += 1) {
    const from = next;
    while (next < expected.length && expected[next]! < sessions[row]!) next += 1;
    const silent = next - from;
    next += 1;
    if (row === 0 || silent < rules.tickerSilenceSessionsMin) continue;
    resumed = row;
    longest = Math.max(longest, silent);
  }
  if (resumed === undefined) return { bars, findings: [] };
  const figures = {
    silentSessions: longest,
    lastBefore: bars.sessions[resumed - 1]!,
    closeBefore: bars.close[resumed - 1]!,
    closeAfter: bars.close[resumed]!,
    rows: resumed,
  };
  const finding: Finding = {
    rule: 'tickerReuse',
    symbol: bars.symbol,
    session: bars.sessions[resumed]!,
    figures,
    action: 'skipped',
  };
  const first = resumed;
  const rows = bars.sessions.flatMap((_, row) => (row >= first ? [row] : []));
  return { bars: pickRows(bars, rows), findings: [finding] };
}

/** A symbol that begins after the dataset does: histories of unequal length are told, never evened out. */
export function lateListing(bars: DailyBars, expected: readonly SessionDate[]): readonly Finding[] {
  const [first, begins] = [bars.sessions[0], expected[0]];
  if (first === undefined || begins === undefined || first <= begins) return [];
  const sessions = expected.findIndex((session) => session >= first);
  const figures = { sessionsAfterTheFirst: sessions, datasetBegins: begins };
  return [{ rule: 'lateListing', symbol: bars.symbol, session: first, figures, action: 'kept' }];
}

/** Sessions on which no share changed hands: the prices are quotes or repeats, not trades. */
export function sessionsWithoutTrades(bars: DailyBars): readonly Finding[] {
  const { symbol, sessions, volume, close } = bars;
  const findings: Finding[] = [];
  for (let row = 0; row < sessions.length; row += 1) {
    if (volume[row] !== 0) continue;
    findings.push({
      rule: 'volumeZero',
      symbol,
      session: sessions[row]!,
      figures: { close: close[row]! },
      action: 'kept',
    });
  }
  return findings;
}
