/**
 * The few parts of WebAssembly's binary format that numeric kernels are written in.
 * Source: WebAssembly Core Specification 2.0, chapter 5.
 */
export type Code = readonly number[];

/** A function without results, and the memory it works on. */
export interface KernelProgram {
  /** Pages of 64 KiB. */
  readonly pages: number;
  /** Parameters, all i32: locals from 0 on. */
  readonly parameters: number;
  /** Further locals, all pairs of f64, zero at first; they follow the parameters. */
  readonly pairs: number;
  readonly body: Code;
}

/** A module that exports the function as `run` and its memory, which never grows, as `memory`. */
export function kernelModule({ pages, parameters, pairs, body }: KernelProgram): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...list(Array.from({ length: parameters }, () => [0x7f])), ...list([])];
  const code = [...list([[...unsigned(pairs), 0x7b]]), ...body, 0x0b];
  return Uint8Array.from([
    ...preamble,
    ...section(1, list([type])),
    ...section(3, list([[0]])),
    ...section(5, list([[1, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(7, list([exported('run', [0x00, 0]), exported('memory', [0x02, 0])])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
}

/** Value of a local. */
export const get = (local: number): Code => [0x20, ...unsigned(local)];
/** Gives a local a value. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
/** A whole number from 0 to 63. */
export const constant = (value: number): Code => [0x41, value];
/** Sum of whole numbers. */
export const plus = (left: Code, right: Code): Code => [...left, ...right, 0x6a];
/** Difference of whole numbers. */
export const minus = (left: Code, right: Code): Code => [...left, ...right, 0x6b];

/** The two f64 from an address plus an offset on, bytes. */
export const pairAt = (address: Code, offset: number): Code => [...address, 0xfd, 0x00, 3, ...unsigned(offset)];
/** The one f64 there, twice. */
export const twiceAt = (address: Code, offset: number): Code => [...address, 0xfd, 0x0a, 3, ...unsigned(offset)];
/** Keeps a pair there. */
export const keepPair = (address: Code, offset: number, pair: Code): Code => [
  ...address,
  ...pair,
  0xfd,
  0x0b,
  3,
  ...unsigned(offset),
];
/** Sums of two pairs, each rounded as a single sum is. */
export const sums = (left: Code, right: Code): Code => [...left, ...right, 0xfd, ...unsigned(0xf0)];
/** Products of two pairs, each rounded as a single product is. */
export const products = (left: Code, right: Code): Code => [...left, ...right, 0xfd, ...unsigned(0xf2)];

/** Does something again and again until a condition, taken after it, is 0. */
export const repeatWhile = (condition: Code, body: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];

/** "asm" after a zero, and version 1 of the format. */
const preamble: Code = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Seven bits a byte, the least first (LEB128). */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [128 + (value % 128), ...unsigned(Math.floor(value / 128))];
}

const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];

const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];

const exported = (name: string, what: Code): Code => [
  ...list(Array.from(name, (letter) => [letter.charCodeAt(0)])),
  ...what,
];
