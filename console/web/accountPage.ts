import { workflowIds } from '#workflows/workflowIds.ts';
import type { BookView } from '../desk/bookDesk.ts';
import type { Link, SessionView } from '../desk/desk.ts';
import { moneyText } from '../figureText.ts';
import type { GuardedAccount } from './accountPages.ts';
import { accountAddress, accountSheet, sessionTable } from './accountPages.ts';
import { html, type Html } from './html.ts';
import { chip, page, type Visit } from './layout.ts';
import { answerOf, silenceNotice, type Part } from './part.ts';
import { namedTable } from './table.ts';
import { workflowLink } from './temporalLinks.ts';

/** What an account's page is drawn from. */
export interface AccountParts {
  readonly account: string;
  /** From PostgreSQL. */
  readonly row: Part<GuardedAccount>;
  /** From PostgreSQL. */
  readonly book: Part<BookView>;
  /** From PostgreSQL, newest first. */
  readonly sessions: Part<readonly SessionView[]>;
}

/** One account: its state, what it holds, what is on its way, and the days it traded. */
export function accountPage(visit: Visit, { account, row, book, sessions }: AccountParts): Html {
  const broker = answerOf(row)?.broker;
  const body = html`<h1>${account} ${broker === undefined ? '' : html`<span class="soft">at ${broker}</span>`}</h1>
    ${silenceNotice(row, 'The state and the books of the account stand there.')}
    ${
      row.kind === 'answered'
        ? accountSheet(visit, row.value, '')
        : html`<div class="actions"><a class="button bad" href="${accountAddress(account)}/halt">Halt</a></div>`
    }
    ${book.kind === 'answered' ? bookSheets(visit, book.value) : ''}
    ${sessions.kind === 'answered' ? sessionTable(visit, { account, sessions: sessions.value }, 'Sessions') : ''}`;
  return page(visit, { title: account, place: 'accounts', body });
}

function bookSheets({ links }: Visit, { positions, openOrders, cash }: BookView): Html {
  const held = positions.map(({ symbol, quantity, costBasis }) => [
    symbol,
    quantity.toLocaleString('en-US'),
    moneyText(Math.round(costBasis / quantity)),
    moneyText(costBasis),
  ]);
  const numbers = ['Shares', 'Average price', 'Cost'].map((title) => ({ title, isNumber: true }));
  return html`<section class="sheet">
      <h2>Positions</h2>
      ${positions.length === 0 ? html`<p>It holds no shares.</p>` : namedTable('Positions', [{ title: 'Symbol' }, ...numbers], held)}
      <p class="soft">Cash ${cash === undefined ? 'is not known' : moneyText(cash)}, by our own books.</p>
    </section>
    <section class="sheet">
      <h2>Open orders</h2>
      ${openOrders.length === 0 ? html`<p>No order is open.</p>` : orderTable(links, openOrders)}
    </section>`;
}

function orderTable(links: readonly Link[], orders: BookView['openOrders']): Html {
  const columns = [
    { title: 'Order' },
    { title: 'State' },
    { title: 'Side' },
    { title: 'Symbol' },
    { title: 'Filled', isNumber: true },
    { title: 'Limit', isNumber: true },
  ];
  const rows = orders.map(({ clientOrderId, state, side, symbol, quantity, filledQuantity, limitPrice }) => [
    workflowLink(links, workflowIds.order(clientOrderId), clientOrderId),
    chip(state, state === 'unknown' ? 'bad' : 'plain'),
    side,
    symbol,
    `${filledQuantity} of ${quantity}`,
    limitPrice === undefined ? 'market' : moneyText(limitPrice),
  ]);
  return namedTable('Open orders', columns, rows);
}
