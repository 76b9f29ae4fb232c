import type { GuardStatus } from '#workflows/messages.ts';
import type { AccountView, HaltReport, SessionView } from '../desk/desk.ts';
import { dollarText, moneyText } from '../figureText.ts';
import { lastDayFacts, nextStep, observedFacts } from './guardFacts.ts';
import { html, type Html } from './html.ts';
import { chip, formTokenField, page, type Visit } from './layout.ts';

/** An account with what its guard says; undefined when the guard does not answer. */
export interface GuardedAccount extends AccountView {
  readonly guard: GuardStatus | undefined;
  /** Its newest day; absent before the first. */
  readonly lastSession?: SessionView | undefined;
}

/** Accounts and their guards. */
export function accountsPage(visit: Visit, accounts: readonly GuardedAccount[]): Html {
  const body = html`<h1>Accounts</h1>
    <p class="lead">PostgreSQL and the guard each stop orders alone; where they differ, the stricter holds.</p>
    ${accounts.length === 0 ? html`<section class="sheet"><p>No account was opened yet.</p></section>` : ''}
    ${accounts.map((account) => accountSheet(visit, account))}`;
  return page(visit, { title: 'Accounts', place: 'accounts', body });
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
      <dl class="facts">
        <dt>PostgreSQL</dt>
        <dd>${report.ledger}</dd>
        <dt>Broker</dt>
        <dd>${report.broker}, ${report.cancelled} orders cancelled</dd>
        <dt>Guard</dt>
        <dd>${report.guard}</dd>
      </dl>
      <div class="actions"><a class="button quiet" href="/accounts">Accounts</a></div>
    </section>`;
  return page(visit, { title: 'Halted', place: 'accounts', body });
}

/** Trading days of every account, newest first. */
export function sessionsPage(
  visit: Visit,
  accounts: readonly { readonly account: string; readonly sessions: readonly SessionView[] }[],
): Html {
  const body = html`<h1>Sessions</h1>
    <p class="lead">Trading days as their reports closed them.</p>
    ${accounts.every(({ sessions }) => sessions.length === 0) ? html`<section class="sheet"><p>No day was traded yet.</p></section>` : ''}
    ${accounts.filter(({ sessions }) => sessions.length > 0).map(({ account, sessions }) => sessionTable(account, sessions))}`;
  return page(visit, { title: 'Sessions', place: 'sessions', body });
}

function accountSheet(visit: Visit, { guard, lastSession, ...row }: GuardedAccount): Html {
  const { account, broker } = row;
  const mayRestart = visit.person.roles.includes('operator') && row.state !== 'active';
  return html`<section class="sheet ${row.state === 'halted' ? 'notice bad' : ''}">
    <h2>${account} <span class="soft">at ${broker}</span></h2>
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
      ${guard ? observedFacts(guard) : ''} ${lastDayFacts(lastSession)}
      ${
        guard && guard.restartAskedBy.length > 0
          ? html`<dt>Restart asked by</dt>
              <dd>${guard.restartAskedBy.join(', ')}</dd>`
          : ''
      }
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

function sessionTable(account: string, sessions: readonly SessionView[]): Html {
  const rows = sessions.map(
    ({ session, closed, report }) =>
      html`<tr>
        <td>${session}</td>
        <td>${chip(closed ? 'closed' : 'open', closed ? 'good' : 'plain')}</td>
        <td class="number">${amount(report.equity)}</td>
        <td class="number">${plain(report.orders)}</td>
        <td class="number">${plain(report.fills)}</td>
        <td>${reconciled(report.reconciled)}</td>
      </tr>`,
  );
  return html`<section class="sheet">
    <h2>${account}</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Session</th>
            <th>State</th>
            <th class="number">Equity</th>
            <th class="number">Orders</th>
            <th class="number">Fills</th>
            <th>Books</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
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

function accountAddress(account: string): string {
  return `/accounts/${encodeURIComponent(account)}`;
}
