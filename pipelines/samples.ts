import type { SessionDate } from '#domain/sessionDate.ts';
import type { FeatureTable } from './featureTable.ts';
import type { LabelTable } from './labels.ts';
import { rowsOfSpan, type SessionSpan } from './sessionSpan.ts';

/** Where a sample's decision is made: after the close of the session. */
export interface SamplePlace {
  readonly symbol: string;
  readonly session: SessionDate;
}

/** Windows of features, ready for a model. */
export interface Windows {
  /** Shape [count, window, features], oldest session first, the last index fastest. */
  readonly inputs: Float32Array;
  /** Shape [count]; ordered by session, then by symbol. */
  readonly places: readonly SamplePlace[];
  readonly windowSessions: number;
  readonly featureCount: number;
}

/** Windows with what happened after each. */
export interface Samples extends Windows {
  /** Shape [count], simple returns as fractions. */
  readonly labels: Float32Array;
}

/** What windows are cut from. */
export interface WindowRequest {
  /** Scaled features. */
  readonly features: FeatureTable;
  /** Sessions a window looks back over, its own included. */
  readonly windowSessions: number;
  /** Sessions in which decisions are made; a window may begin before them, since the past is known. */
  readonly span: SessionSpan;
}

/** What samples are cut from: windows and labels of the same symbols and sessions. */
export interface SampleRequest extends WindowRequest {
  readonly labels: LabelTable;
  /**
   * `purged` leaves out labels that look past the span's end, so that a model trained on the span knows nothing of
   * what follows; `full` keeps every known label, for scoring.
   */
  readonly reach: 'purged' | 'full';
}

/** Windows for prediction: every (symbol, session) of the span whose window has every feature. */
export function buildWindows(request: WindowRequest): Windows {
  const { first, end } = rowsOfSpan(request.features.sessions, request.span);
  return cut(request, completeWindows(request, { first, end }));
}

/**
 * Samples for training or scoring: windows with every feature and a known label.
 * @throws RangeError when features and labels differ in symbols or sessions
 */
export function buildSamples(request: SampleRequest): Samples {
  const { features, labels } = request;
  if (features.symbols.join() !== labels.symbols.join() || features.sessions.join() !== labels.sessions.join()) {
    throw new RangeError('features and labels are not of the same symbols and sessions');
  }
  const { first, end } = rowsOfSpan(features.sessions, request.span);
  const lastDecision = request.reach === 'purged' ? end - labels.reachSessions : end;
  const labelOf = ({ symbol, row }: Cell): number => labels.values[symbol * labels.sessions.length + row]!;
  const cells = completeWindows(request, { first, end: lastDecision }).filter((cell) => !Number.isNaN(labelOf(cell)));
  return { ...cut(request, cells), labels: Float32Array.from(cells, labelOf) };
}

/** Indices of a symbol and of a session. */
interface Cell {
  readonly symbol: number;
  readonly row: number;
}

function completeWindows(
  { features, windowSessions }: WindowRequest,
  rows: { readonly first: number; readonly end: number },
): readonly Cell[] {
  if (!Number.isSafeInteger(windowSessions) || windowSessions < 1) {
    throw new RangeError(`a window must be a whole number of sessions, not ${windowSessions}`);
  }
  const { symbols, sessions, names, values } = features;
  // Complete sessions in a row, up to each session, by symbol.
  const streaks = symbols.map(() => new Uint32Array(sessions.length));
  for (const [symbol, streak] of streaks.entries()) {
    for (let row = 0; row < sessions.length; row += 1) {
      const start = (symbol * sessions.length + row) * names.length;
      const complete = !values.subarray(start, start + names.length).some(Number.isNaN);
      streak[row] = complete ? (streak[row - 1] ?? 0) + 1 : 0;
    }
  }
  const cells: Cell[] = [];
  for (let { first: row } = rows; row < rows.end; row += 1) {
    for (const [symbol, streak] of streaks.entries()) {
      if (streak[row]! >= windowSessions) cells.push({ symbol, row });
    }
  }
  return cells;
}

function cut({ features, windowSessions }: WindowRequest, cells: readonly Cell[]): Windows {
  const { symbols, sessions, names, values } = features;
  const size = windowSessions * names.length;
  const inputs = new Float32Array(cells.length * size);
  for (const [sample, { symbol, row }] of cells.entries()) {
    const start = (symbol * sessions.length + row - windowSessions + 1) * names.length;
    inputs.set(values.subarray(start, start + size), sample * size);
  }
  return {
    inputs,
    places: cells.map(({ symbol, row }) => ({ symbol: symbols[symbol]!, session: sessions[row]! })),
    windowSessions,
    featureCount: names.length,
  };
}
