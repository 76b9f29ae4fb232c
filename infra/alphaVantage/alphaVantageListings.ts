import type { Instrument } from '#activities/ports/marketDataProvider.ts';
import { readCsv } from '../files/csvColumns.ts';
import { unreadable } from '../http/vendorAnswer.ts';
import type { AnswerOrigin } from '../http/vendorAnswer.ts';

const header = 'symbol,name,exchange,assetType,ipoDate,delistingDate,status';
const statuses: ReadonlyMap<string, boolean> = new Map([
  ['Active', true],
  ['Delisted', false],
]);

/**
 * What LISTING_STATUS tells, which is CSV. Share classes, which the vendor writes with a hyphen, have their point again.
 * @throws Failure PROVIDER_ANSWER_UNREADABLE for another header, an uneven line, or a status that is neither
 */
export function readListings(origin: AnswerOrigin, text: string): readonly Instrument[] {
  const table = readCsv(Buffer.from(text), () => 'text');
  if (table.header.join() !== header) throw unreadable(origin, `header: ${table.header.join().slice(0, 80)}`);
  if (table.unevenLines.length > 0) throw unreadable(origin, `line ${table.unevenLines[0]}: too few or too many cells`);
  const [symbols, names, exchanges, states] = ['symbol', 'name', 'exchange', 'status'].map((name) =>
    table.texts.get(name)!,
  );
  return symbols!.map((symbol, row) => {
    const active = statuses.get(states![row]!);
    if (symbol === '' || active === undefined) throw unreadable(origin, `row ${row + 1}: ${symbol} ${states![row]}`);
    return { symbol: symbol.replaceAll('-', '.'), name: names![row]!, exchange: exchanges![row]!, active };
  });
}
