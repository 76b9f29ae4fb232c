import type { GuardStatus } from '#workflows/messages.ts';
import type { AccountView, SessionView } from '../desk/desk.ts';
import { moneyText } from '../figureText.ts';
import { html, type Html } from './html.ts';

/** Equity and drawdown: as the guard saw them last, or by the last day's report when no guard tells. */
export function equityFacts(row: AccountView, guard: GuardStatus | undefined, last: SessionView | undefined): Html {
  if (guard?.lastObservation) return observedFacts(guard);
  const equity = last?.report.equity;
  if (!last || typeof equity !== 'number') return html``;
  const equityTenThousandths = Math.round(equity * 10_000);
  return html`<dt>Equity</dt>
    <dd>${moneyText(equityTenThousandths)} <span class="soft">at the end of session ${last.session}</span></dd>
    <dt>Drawdown</dt>
    <dd>${percentText(drawdownOf(equityTenThousandths, row.highWaterMark))}</dd>`;
}

function observedFacts({ lastObservation, levels }: GuardStatus): Html {
  if (!lastObservation) return html``;
  const { session, equity, dayOpenEquity, highWaterMark, errors, differences } = lastObservation;
  return html`<dt>Equity</dt>
    <dd>${moneyText(equity)} <span class="soft">seen in session ${session}</span></dd>
    <dt>Since the day's open</dt>
    <dd>${percentText(equity / dayOpenEquity - 1)}</dd>
    <dt>Drawdown</dt>
    <dd>
      ${percentText(drawdownOf(equity, highWaterMark))}
      ${
        levels
          ? html`<span class="soft"
              >reduces over ${percentText(levels.drawdownReduceFraction)}, halts over
              ${percentText(levels.drawdownHaltFraction)}</span
            >`
          : ''
      }
    </dd>
    <dt>System errors</dt>
    <dd>${errors}</dd>
    <dt>Differences to the broker</dt>
    <dd>${differences}</dd>`;
}

/** The last day as its report closed it. */
export function lastDayFacts(last: SessionView | undefined): Html {
  if (!last) return html``;
  const { orders, fills, reconciled } = last.report;
  const counts = [countText(orders, 'order'), countText(fills, 'fill')].filter((text) => text !== undefined);
  const books = reconciled === true ? ['books agree'] : reconciled === false ? ['books differ'] : [];
  const text = last.closed ? [...counts, ...books].join(', ') : 'still open';
  return html`<dt>Last session</dt>
    <dd>${last.session}${text === '' ? '' : `: ${text}`}</dd>`;
}

/** What an operator does now. */
export function nextStep(row: AccountView, guard: GuardStatus | undefined): string {
  if (!guard)
    return 'See with “plimsoll status” whether Temporal and the workers run. PostgreSQL keeps its state alone.';
  if (row.state !== guard.state) return `PostgreSQL says ${row.state}, the guard ${guard.state}: the stricter holds.`;
  if (row.state === 'active') return 'Nothing: trading is allowed.';
  if (row.state === 'reducing') return 'Watch the drawdown: targets are halved and increases are blocked.';
  const [first] = guard.restartAskedBy;
  return first === undefined
    ? 'Find the cause, acknowledge the escalation, compare the books; then two operators ask for restart.'
    : `${first} asked for restart: a second, different operator confirms or leaves it halted.`;
}

/** A fraction as people read it, in percent. */
function percentText(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}

function drawdownOf(equity: number, highWaterMark: number): number {
  return highWaterMark > 0 ? Math.max(0, 1 - equity / highWaterMark) : 0;
}

function countText(value: unknown, name: string): string | undefined {
  return typeof value === 'number' ? `${value} ${name}${value === 1 ? '' : 's'}` : undefined;
}
