import {
  constant,
  get,
  keepPair,
  kernelModule,
  minus,
  pairAt,
  plus,
  products,
  repeatWhile,
  set,
  sums,
  twiceAt,
  type Code,
} from './webAssembly.ts';

/** Series in a panel: their sixteen products with those of another fit the registers of a processor. */
export const panelWidth = 4;

/** Multiplies panels, which lie in its memory: `panelWidth` numbers an observation, one of each series. */
export interface PanelProducts {
  /** For panels, wherever they are laid; 2 MiB, which stay in a processor's cache. */
  readonly panels: Float64Array;
  /** What was found last, shape [panelWidth, panelWidth], by series of the left and of the right. */
  readonly found: Float64Array;
  /**
   * Finds sums of products of every series of one panel and every one of another. Products are added one after another,
   * as a plain loop would, so that sums are the same to the last bit.
   * @param left place in `panels` where a panel begins
   * @param right place where the other begins
   * @param observations over 0
   */
  readonly multiply: (left: number, right: number, observations: number) => void;
}

const pages = 32;
const pageBytes = 65_536;
const numberBytes = 8;
const panelBytes = panelWidth * numberBytes;
const foundBytes = panelWidth * panelBytes;

let made: PanelProducts | undefined;

/** The one there is: compiled when first asked for. JavaScript has no instructions that work on two numbers at once. */
export function panelProducts(): PanelProducts {
  made ??= instance();
  return made;
}

function instance(): PanelProducts {
  const program = kernelModule({ pages, parameters, pairs: factor + 1 - parameters, body: body() });
  const { memory, run } = new WebAssembly.Instance(new WebAssembly.Module(program)).exports;
  return {
    panels: new Float64Array(memory.buffer, foundBytes, (pages * pageBytes - foundBytes) / numberBytes),
    found: new Float64Array(memory.buffer, 0, panelWidth ** 2),
    multiply: (left, right, observations) =>
      run(foundBytes + left * numberBytes, foundBytes + right * numberBytes, observations),
  };
}

// Locals.
const leftAddress = 0;
const rightAddress = 1;
const observationsLeft = 2;
const parameters = 3;
const panelPairs = panelWidth / 2;
const total = (row: number, pair: number): number => parameters + row * panelPairs + pair;
const column = (pair: number): number => total(panelWidth, pair);
const factor = column(panelPairs);

function body(): Code {
  const rows = Array.from({ length: panelWidth }, (_, row) => row);
  const pairs = Array.from({ length: panelPairs }, (_, pair) => pair);
  const observation = [
    ...pairs.flatMap((pair) => set(column(pair), pairAt(get(rightAddress), 2 * numberBytes * pair))),
    ...rows.flatMap((row) => [
      ...set(factor, twiceAt(get(leftAddress), numberBytes * row)),
      ...pairs.flatMap((pair) =>
        set(total(row, pair), sums(get(total(row, pair)), products(get(factor), get(column(pair))))),
      ),
    ]),
    ...set(leftAddress, plus(get(leftAddress), constant(panelBytes))),
    ...set(rightAddress, plus(get(rightAddress), constant(panelBytes))),
    ...set(observationsLeft, minus(get(observationsLeft), constant(1))),
  ];
  const kept = rows.flatMap((row) =>
    pairs.flatMap((pair) => keepPair(constant(0), panelBytes * row + 2 * numberBytes * pair, get(total(row, pair)))),
  );
  return [...repeatWhile(get(observationsLeft), observation), ...kept];
}

/** What is used of the engine's `WebAssembly`, which the types of Node leave out. */
declare const WebAssembly: {
  readonly Module: new (program: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => {
    readonly exports: {
      readonly memory: { readonly buffer: ArrayBuffer };
      readonly run: (...parameters: readonly number[]) => void;
    };
  };
};
