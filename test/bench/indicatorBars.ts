import { readFileSync } from 'node:fs';
import { checkParameters } from '#pipelines/indicators/checkParameters.ts';
import type { BarField, Columns, Indicator } from '#pipelines/indicators/indicator.ts';
import { indicators } from '#pipelines/indicators/registry.ts';
import { benchProgram, peerPython } from './lineProcess.ts';

const fields: readonly BarField[] = ['open', 'high', 'low', 'close', 'volume'];

/** Symbols, fields and bars of the file that the peers use: open, high, low, close, volume. */
export const barsShape = [50, 5, 5_000] as const;

/** Bars of 50 symbols, as the peers read them. */
export interface BarsOfSymbols {
  /** Inputs of an indicator for a symbol, shape [bars] each. */
  inputsOf(indicator: Indicator, symbol: number): Columns;
}

/** @param memory the file's 64-bit floats */
export function barsOfSymbols(memory: Float64Array): BarsOfSymbols {
  const [, width, bars] = barsShape;
  return {
    inputsOf: ({ inputs }, symbol) =>
      inputs.map((field) => {
        const begins = (symbol * width + fields.indexOf(field)) * bars;
        return memory.subarray(begins, begins + bars);
      }),
  };
}

/** The file's 64-bit floats. */
export function readBars(file: string): Float64Array {
  return new Float64Array(new Uint8Array(readFileSync(file)).buffer);
}

/** What TA-Lib is told to compute: every indicator of ours with its defaults. */
export function peerTask(file: string): object {
  const calls = indicators.map((indicator) => ({
    name: indicator.name,
    inputs: indicator.inputs.map((field) => fields.indexOf(field)),
    parameters: checkParameters(indicator, {}),
  }));
  return { bars: file, shape: barsShape, calls };
}

/** Python of the virtual environment that has TA-Lib (test/bench/peers/setup.sh), and the program it runs. */
export const talibPeer = {
  python: peerPython('ind'),
  script: benchProgram('peers/indicators.py'),
} as const;
