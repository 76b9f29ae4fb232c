import type { GuardStatus } from '#workflows/messages.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import type { BookView } from '../desk/bookDesk.ts';
import type { AccountView, HaltReport, SessionView } from '../desk/desk.ts';
import { dollarText, moneyText } from '../figureText.ts';
import { equityFacts, lastDayFacts, nextStep } from './guardFacts.ts';
import { html, type Html, type HtmlValue } from './html.ts';
import { chip, formTokenField, page, type Visit } from './layout.ts';
import { silenceNotice, type Part } from './part.ts';
import { namedTable } from './table.ts';
import { workflowLink, workflowsLink } from './temporalLinks.ts';

/** An account with what its guard says; undefined when the guard does not answer. */
export interface GuardedAccount extends AccountView {
  readonly guard: GuardStatus | undefined;
  /** Its newest day; absent before the first. */
  readonly lastSession?: SessionView | undefined;
  readonly book: BookView;
}

/** Accounts and their guards. */
export function accountsPage(visit: Visit, accounts: Part<readonly GuardedAccount[]>): Html {
  const body = html`<h1>Accounts</h1>
    <p class="lead">PostgreSQL and the guard each stop orders alone; where they differ, the stricter holds.</p>
    ${silenceNotice(accounts, 'Accounts stand there. One whose name you know can be halted all the same.')}
    ${accounts.kind === 'silent' ? haltByName : accountSheets(visit, accounts.value)}`;
  return page(visit, { title: 'Accounts', place: 'accounts', body });
}

function accountSheets(visit: Visit, accounts: readonly GuardedAccount[]): Html {
  if (accounts.length === 0) return html`<section class="sheet"><p>No account was opened yet.</p></section>`;
  return html`${accounts.map((account) => accountSheet(visit, account, nameHeading(account)))}`;
}

const haltByName = html`<form class="sheet" method="get" action="/halt">
  <label for="account">Account</label>
  <input id="account" name="account" autocapitalize="none" required maxlength="100" />
  <div class="actions"><button class="bad">Halt it</button></div>
</form>`;

/** Asks which account is to be stopped, when none can be listed. */
export function haltByNamePage(visit: Visit): Html {
  const body = html`<h1>Halt an account</h1>
    ${haltByName}`;
  return page(visit, { title: 'Halt', place: 'accounts', body });
}

/** Asks once more before an account is stopped. */
export function haltPage(visit: Visit, account: string): Html {
  const body = html`<h1>Halt ${account}</h1>
    <form class="sheet notice bad" method="post" action="${accountAddress(account)}/halt">
      <p>
        Open orders are cancelled, positions are closed by the guard, and nothing that adds exposure is sent until two
        different people restart trading.
      </p>
      ${formTokenField(visit)}
      <label for="reason">Why</label><input id="reason" name="reason" required maxlength="500" autofocus />
      <div class="actions">
        <button class="bad sure">Halt ${account} now</button> <a class="button quiet" href="/accounts">Not now</a>
      </div>
    </form>`;
  return page(visit, { title: `Halt ${account}`, place: 'accounts', body });
}

/** What a halt reached. */
export function haltedPage(visit: Visit, report: HaltReport): Html {
  const body = html`<h1>${report.account} is halted</h1>
    <section class="sheet notice bad">
      ${haltFacts(report)}
      <div class="actions"><a class="button quiet" href="/accounts">Accounts</a></div>
    </section>`;
  return page(visit, { title: 'Halted', place: 'accounts', body });
}

/** What a halt reached, also one that is not complete. */
export function haltFacts(report: Partial<HaltReport>): Html {
  return html`<dl class="facts">
    <dt>PostgreSQL</dt>
    <dd>${report.ledger}</dd>
    <dt>Broker</dt>
    <dd>${report.broker}, ${report.cancelled} orders cancelled</dd>
    <dt>Guard</dt>
    <dd>${report.guard}</dd>
  </dl>`;
}

/** Trading days of every account, newest first. */
export function sessionsPage(
  visit: Visit,
  accounts: Part<readonly { readonly account: string; readonly sessions: readonly SessionView[] }[]>,
): Html {
  const traded = accounts.kind === 'silent' ? [] : accounts.value.filter(({ sessions }) => sessions.length > 0);
  const none = accounts.kind === 'answered' && traded.length === 0;
  const body = html`<h1>Sessions</h1>
    <p class="lead">Trading days as their reports closed them.</p>
    ${silenceNotice(accounts, 'Reports of sessions stand there, so none can be shown.')}
    ${none ? html`<section class="sheet"><p>No day was traded yet.</p></section>` : ''}
    ${traded.map((days) => sessionTable(visit, days, days.account))}`;
  return page(visit, { title: 'Sessions', place: 'sessions', body });
}

/** An account's state, what its guard saw last, and what may be done. */
export function accountSheet(
  visit: Visit,
  { guard, lastSession, book, ...row }: GuardedAccount,
  heading: HtmlValue,
): Html {
  const { account } = row;
  const mayRestart = visit.person.roles.includes('operator') && row.state !== 'active';
  return html`<section class="sheet ${row.state === 'halted' ? 'notice bad' : ''}">
    ${heading}
    <div class="chips">
      ${stateChip('PostgreSQL', row.state)}
      ${guard ? stateChip('guard', guard.state) : chip('guard: no answer', 'warn')}
    </div>
    <p><strong>What to do:</strong> ${nextStep(row, guard)}</p>
    <dl class="facts">
      <dt>Because</dt>
      <dd>${row.reason} <span class="soft">(${row.changedBy})</span></dd>
      <dt>High-water mark</dt>
      <dd>${moneyText(row.highWaterMark)}</dd>
      <dt>Losing trades in a row</dt>
      <dd>${row.lossStreak}</dd>
      ${equityFacts(row, guard, lastSession)} ${lastDayFacts(lastSession)}
      <dt>Book</dt>
      <dd>${bookText(book)}</dd>
      ${
        guard && guard.restartAskedBy.length > 0
          ? html`<dt>Restart asked by</dt>
              <dd>${guard.restartAskedBy.join(', ')}</dd>`
          : ''
      }
      <dt>In Temporal</dt>
      <dd>
        ${workflowLink(visit.links, workflowIds.guard(account), 'its guard')},
        ${workflowsLink(visit.links, { kind: 'account', name: account })}
      </dd>
    </dl>
    <div class="actions">
      ${row.state === 'halted' ? '' : html`<a class="button bad" href="${accountAddress(account)}/halt">Halt</a>`}
      ${mayRestart ? restartForm(visit, account) : ''}
    </div>
  </section>`;
}

function restartForm(visit: Visit, account: string): Html {
  return html`<form method="post" action="${accountAddress(account)}/restart">
    ${formTokenField(visit)} <button class="quiet">Ask for restart</button>
  </form>`;
}

/** The days an account traded; each leads to its workflow. */
export function sessionTable(
  { links }: Visit,
  { account, sessions }: { readonly account: string; readonly sessions: readonly SessionView[] },
  heading: string,
): Html {
  const columns = [
    { title: 'Session' },
    { title: 'State' },
    ...['Equity', 'Orders', 'Fills'].map((title) => ({ title, isNumber: true })),
    { title: 'Books' },
  ];
  const rows = sessions.map(({ session, closed, report }) => [
    workflowLink(links, workflowIds.session(account, session), session),
    chip(closed ? 'closed' : 'open', closed ? 'good' : 'plain'),
    amount(report.equity),
    plain(report.orders),
    plain(report.fills),
    reconciled(report.reconciled),
  ]);
  return html`<section class="sheet">
    <h2>${heading}</h2>
    ${namedTable(`Sessions of ${account}`, columns, rows)}
  </section>`;
}

function stateChip(who: string, state: AccountView['state']): Html {
  return chip(`${who}: ${state}`, state === 'active' ? 'good' : state === 'reducing' ? 'warn' : 'bad');
}

function reconciled(value: unknown): Html {
  if (typeof value !== 'boolean') return html``;
  return value ? chip('agree', 'good') : chip('differ', 'bad');
}

function amount(value: unknown): string {
  return typeof value === 'number' ? dollarText(value) : '';
}

function plain(value: unknown): string {
  return typeof value === 'number' ? String(value) : '';
}

function nameHeading({ account, broker }: AccountView): Html {
  return html`<h2><a href="${accountAddress(account)}">${account}</a> <span class="soft">at ${broker}</span></h2>`;
}

/** Address of an account's page. */
export function accountAddress(account: string): string {
  return `/accounts/${encodeURIComponent(account)}`;
}

function bookText({ positions, openOrders }: BookView): string {
  const count = (of: number, name: string): string => `${of} ${name}${of === 1 ? '' : 's'}`;
  return `${count(positions.length, 'position')}, ${count(openOrders.length, 'open order')}`;
}
