import { money, moneyPerDollar, shares } from '#domain/money.ts';
import type { Money, Shares } from '#domain/money.ts';

const decimalPattern = /^(-?)(\d+)(?:\.(\d*))?$/;

/**
 * A vendor's decimal text of dollars as ten-thousandths, without passing through a float.
 * @param text e.g. `-23140.2`; zeros after the fourth decimal are allowed
 * @throws RangeError when it is no decimal number, finer than ten-thousandths, or too large to hold exactly
 */
export function exactMoney(text: string): Money {
  const { sign, whole, fraction } = parts(text);
  if (/[1-9]/.test(fraction.slice(4))) throw new RangeError(`finer than ten-thousandths of a dollar: ${text}`);
  return signedMoney(sign, `${whole}${fraction.slice(0, 4).padEnd(4, '0')}`);
}

/**
 * A vendor's decimal text of dollars, rounded half away from zero to ten-thousandths in decimal arithmetic: for
 * averages and balances, which vendors print with as many decimals as they like. Prices of fills are never rounded.
 * @throws RangeError when it is no decimal number or too large to hold exactly
 */
export function moneyRoundedHalfAway(text: string): Money {
  const { sign, whole, fraction } = parts(text);
  const truncated = signedMoney('', `${whole}${fraction.slice(0, 4).padEnd(4, '0')}`);
  const up = (fraction[4] ?? '0') >= '5' ? 1 : 0;
  return money((sign === '-' ? -1 : 1) * (truncated + up));
}

/**
 * A vendor's decimal text of a whole number of shares.
 * @throws RangeError for a fraction of a share: we trade whole shares only
 */
export function wholeShares(text: string): Shares {
  const { sign, whole, fraction } = parts(text);
  if (/[1-9]/.test(fraction)) throw new RangeError(`not a whole number of shares: ${text}`);
  return shares(Number(`${sign}${whole}`));
}

/** An amount as a vendor's decimal text in dollars, exact, without trailing zeros: 1234500 is `123.45`. */
export function decimalText(amount: Money): string {
  const absolute = Math.abs(amount);
  const whole = Math.floor(absolute / moneyPerDollar);
  const fraction = String(absolute % moneyPerDollar)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return `${amount < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

function parts(text: string): { readonly sign: string; readonly whole: string; readonly fraction: string } {
  const match = decimalPattern.exec(text);
  if (match === null) throw new RangeError(`not a decimal number: ${JSON.stringify(text)}`);
  return { sign: match[1] ?? '', whole: match[2] ?? '0', fraction: match[3] ?? '' };
}

function signedMoney(sign: string, digits: string): Money {
  const amount = Number(digits);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`too large to hold exactly: ${sign}${digits}`);
  return money(sign === '-' ? -amount : amount);
}
