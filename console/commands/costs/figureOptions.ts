import { InvalidArgumentError } from 'commander';

const plain = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The argument of an option that takes any number. */
export function anyNumber(text: string): number {
  const value = plain.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new InvalidArgumentError('write a number.');
  return value;
}

/** The argument of an option that takes a number from 0 on. */
export function fromZero(text: string): number {
  const value = anyNumber(text);
  if (value < 0) throw new InvalidArgumentError('write a number from 0 on.');
  return value;
}

/** The argument of an option that takes a number over 0. */
export function overZero(text: string): number {
  const value = anyNumber(text);
  if (value <= 0) throw new InvalidArgumentError('write a number over 0.');
  return value;
}

/** The argument of an option that takes a fraction over 0, at most 1. */
export function fraction(text: string): number {
  const value = overZero(text);
  if (value > 1) throw new InvalidArgumentError('write a fraction, over 0 and at most 1.');
  return value;
}

/** The argument of an option that takes a whole number from 0 on. */
export function wholeFromZero(text: string): number {
  const value = fromZero(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('write a whole number.');
  return value;
}

/** The argument of an option that takes a whole number over 0. */
export function wholeOverZero(text: string): number {
  const value = wholeFromZero(text);
  if (value === 0) throw new InvalidArgumentError('write a whole number over 0.');
  return value;
}
