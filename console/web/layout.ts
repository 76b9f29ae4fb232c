import type { Link, Person } from '../desk/desk.ts';
import { html, withCode, type Html, type HtmlValue } from './html.ts';

/** What every page of a logged-in person is drawn with. */
export interface Visit {
  readonly person: Person;
  /** Token of the login's forms. */
  readonly formToken: string;
  readonly links: readonly Link[];
  /** When PostgreSQL last confirmed the login, milliseconds since 1970 UTC; set only while it is silent. */
  readonly lastCheckedAtMs?: number;
}

/** Places of the navigation. */
export type Place = 'models' | 'runs' | 'accounts' | 'sessions';

const places: readonly (readonly [Place, string])[] = [
  ['models', 'Models'],
  ['runs', 'Runs'],
  ['accounts', 'Accounts'],
  ['sessions', 'Sessions'],
];

/** The load line: a ring crossed by the line nothing sails past. */
export const mark = html`<svg
  xmlns="http://www.w3.org/2000/svg"
  viewBox="0 0 32 32"
  fill="none"
  stroke="currentColor"
  stroke-width="2.6"
  aria-hidden="true"
>
  <circle cx="16" cy="16" r="9.5" />
  <path d="M1.5 16h29" stroke-linecap="round" />
</svg>`;

/** A whole page for a logged-in person. */
export function page(
  visit: Visit,
  view: { readonly title: string; readonly place: Place; readonly body: HtmlValue },
): Html {
  const navigation = places.map(
    ([place, name]) => html`<a href="/${place}" ${place === view.place ? html`aria-current="page"` : ''}>${name}</a>`,
  );
  const header = html`<header class="bar">
    <div class="inner">
      <a class="brand" href="/models">${mark} Plimsoll</a>
      <nav aria-label="Places">${navigation}</nav>
      <form class="who" method="post" action="/logout">
        ${formTokenField(visit)} <span>${visit.person.name}</span><button class="quiet">Log out</button>
      </form>
    </div>
  </header>`;
  const footer = html`<footer>
    <div class="inner">${visit.links.map(({ name, url }) => html`<a href="${url}" rel="noreferrer">${name}</a>`)}</div>
  </footer>`;
  return shell(
    view.title,
    html`<a class="skip" href="#content">To the content</a> ${header}
      <main id="content">${recalledNotice(visit)} ${view.body}</main>
      ${footer}`,
  );
}

/** The page of somebody who is not logged in. */
export function loginPage(notice?: string): Html {
  return shell(
    'Log in',
    html`<main>
      <div class="narrow">
        <a class="brand" href="/">${mark} Plimsoll</a>
        <form class="sheet" method="post" action="/login">
          <h1>Log in</h1>
          ${notice === undefined ? '' : html`<p class="chip bad" role="alert">${notice}</p>`}
          <label for="name">Name</label>
          <input id="name" name="name" autocomplete="username" autocapitalize="none" required autofocus />
          <label for="password">Password</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
          <div class="actions"><button>Log in</button></div>
        </form>
      </div>
    </main>`,
  );
}

function recalledNotice({ lastCheckedAtMs }: Visit): Html {
  if (lastCheckedAtMs === undefined) return html``;
  return html`<section class="sheet notice bad" role="status">
    <p>
      <strong>PostgreSQL does not answer.</strong> You stay logged in by what it knew at
      ${instantText(lastCheckedAtMs)}. What it keeps cannot be shown, and nothing can be signed.
    </p>
    <p>
      <a href="/halt">Halting an account</a> still cancels its orders and tells its guard. Otherwise see
      <code>plimsoll status</code>, and <code>plimsoll up</code> where the servers are ours.
    </p>
  </section>`;
}

/** The page of somebody whom nobody can identify, because PostgreSQL is silent. */
export function outagePage(told: { readonly code: string; readonly message: string; readonly action: string }): Html {
  return shell(
    'PostgreSQL does not answer',
    html`<main>
      <div class="narrow wide">
        <span class="brand">${mark} Plimsoll</span>
        <section class="sheet notice bad">
          <h1>PostgreSQL does not answer</h1>
          <p>It keeps who may log in, so no page can be shown.</p>
          <p><strong>What to do:</strong> ${withCode(told.action)} Then load this page again.</p>
          <p>
            To stop an account meanwhile, run <code>plimsoll halt ACCOUNT --reason WHY</code> where the servers run: it
            cancels orders at the broker and tells the guard without PostgreSQL.
          </p>
          <p class="soft"><code>${told.code}</code> ${told.message}</p>
        </section>
      </div>
    </main>`,
  );
}

/** The field that proves a form came from a page of this login. */
export function formTokenField({ formToken }: Visit): Html {
  return html`<input type="hidden" name="formToken" value="${formToken}" />`;
}

/** A small word on a coloured ground; the word says it, the colour repeats it. */
export function chip(text: string, mood: 'good' | 'bad' | 'warn' | 'plain' = 'plain'): Html {
  return html`<span class="chip ${mood}">${text}</span>`;
}

/** An instant for people: UTC to the minute. */
export function instantText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function shell(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Plimsoll</title>
        <link rel="stylesheet" href="/styles.css" />
        <link rel="icon" href="/mark.svg" type="image/svg+xml" />
      </head>
      <body>
        ${body}
      </body>
    </html> `;
}
