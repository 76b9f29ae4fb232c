import { Option, type Command } from 'commander';
import { sharesByProfile, volumeProfile, type VolumeProfile } from '#domain/costs/volumeProfile.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { resampleFiles, type StampChoice } from '../data/resampleFiles.ts';
import { wholeOverZero } from './figureOptions.ts';

interface ProfileOptions {
  readonly input: readonly string[];
  readonly minutes: number;
  readonly stamps: StampChoice;
  readonly quantity?: number;
}

interface ToldProfile extends VolumeProfile {
  readonly symbol: string;
  /** Shape [parts]: what to trade in each, where a quantity was named. */
  readonly shares: readonly number[] | null;
}

const minuteMs = 60_000;
const openMinute = 570;

/** `costs profile`: what part of the volume trades when; needs no server. */
export function registerCostsProfile(costs: Command, context: CommandContext): void {
  costs
    .command('profile')
    .description('tell how volume lies in the day, from bars within sessions, and cut an order by it')
    .requiredOption('--input <files...>', 'bars within sessions, as `data resample` reads them')
    .option('--minutes <count>', 'length of a part, a divisor of 390', wholeOverZero, 30)
    .addOption(
      new Option('--stamps <convention>', 'whether times are the start or the end of a bar')
        .choices(['start', 'end', 'auto'])
        .default('auto'),
    )
    .option('--quantity <shares>', 'shares to be cut by the profile', wholeOverZero)
    .action(async ({ input, minutes, stamps, quantity }: ProfileOptions) => {
      const resampled = await resampleFiles(input, { to: minutes * minuteMs, stamps });
      const told = resampled.map(({ symbol, bars }): ToldProfile => {
        const profile = volumeProfile(bars, minutes);
        return { symbol, ...profile, shares: quantity === undefined ? null : sharesByProfile(quantity, profile) };
      });
      context.answer({ value: { minutes, symbols: told }, text: told.map(textOf).join('\n\n') });
    });
}

function textOf({ symbol, sessions, parts, shares }: ToldProfile): string {
  const rows = parts.map(({ fromMinute, fraction, standardError }, at) => [
    clock(openMinute + fromMinute),
    `${(fraction * 100).toFixed(2)} %`,
    (standardError * 100).toFixed(2),
    ...(shares ? [String(shares[at])] : []),
  ]);
  return [
    `${symbol}, ${sessions} sessions`,
    tableText(['from', 'volume', 'standard error', ...(shares ? ['shares'] : [])], rows),
  ].join('\n');
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
