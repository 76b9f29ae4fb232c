import { InvalidArgumentError } from 'commander';
import { isSession, sessionsBetween } from '#domain/calendar.ts';
import { firstKnownYear } from '#domain/exchangeHolidays.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { equityExchange, sessionState, tradingHours, type EquityExchange } from '#domain/tradingHours.ts';
import { tableText } from '../answer.ts';
import type { CommandRegistration } from '../context.ts';

interface SessionsOptions {
  readonly exchange: EquityExchange;
  readonly from: SessionDate;
  readonly to: SessionDate;
}

/** `calendar sessions` and `calendar state`: when exchanges trade; needs no server. */
export const registerCalendar: CommandRegistration = (program, context) => {
  const calendar = program.command('calendar').description('when exchanges trade');
  calendar
    .command('sessions')
    .description('list sessions with their opens and closes in UTC')
    .option('--exchange <code>', 'market identifier code', equityExchange, 'XNYS')
    .requiredOption('--from <date>', 'first date, YYYY-MM-DD', knownDate)
    .requiredOption('--to <date>', 'last date, inclusive', knownDate)
    .action(({ exchange, from, to }: SessionsOptions) => {
      const sessions = sessionsBetween(from, to)
        .map(tradingHours)
        .map(({ session, preMarketMs, openMs, closeMs, afterHoursEndMs, shortened }) => ({
          session,
          open: utcText(openMs),
          close: utcText(closeMs),
          preMarket: utcText(preMarketMs),
          afterHoursEnd: utcText(afterHoursEndMs),
          shortened,
        }));
      const rows = sessions.map(({ session, open, close, shortened }) => [
        session,
        open,
        close,
        shortened ? 'closes early' : '',
      ]);
      context.answer({
        value: { exchange, from, to, sessions },
        text: tableText(['session', 'open', 'close', ''], rows),
      });
    });
  calendar
    .command('state')
    .description('tell whether an exchange trades at an instant: closed, preMarket, regular or afterHours')
    .option('--exchange <code>', 'market identifier code', equityExchange, 'XNYS')
    .requiredOption('--at <instant>', 'ISO 8601 with its zone, e.g. 2024-07-03T16:59:00Z', instant)
    .action(({ exchange, at }: { readonly exchange: EquityExchange; readonly at: number }) => {
      const state = sessionState(at);
      context.answer({ value: { exchange, at: utcText(at), state }, text: state });
    });
};

function utcText(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}

function knownDate(text: string): SessionDate {
  try {
    const date = sessionDate(text);
    isSession(date);
    return date;
  } catch {
    throw new InvalidArgumentError(`write YYYY-MM-DD, from ${firstKnownYear}-01-01 on.`);
  }
}

function instant(text: string): number {
  const atMs = /(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) throw new InvalidArgumentError('write ISO 8601 with its zone, e.g. 2024-07-03T16:59:00Z.');
  return atMs;
}
