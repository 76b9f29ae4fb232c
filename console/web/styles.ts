/** The console's one style sheet: light and dark, readable on a phone, no colour without a word beside it. */
export const styles = `
:root {
  color-scheme: light dark;
  --ground: #f6f5f1; --sheet: #fffefb; --ink: #1d2a33; --soft: #5d6b75; --line: #dfdcd2;
  --sea: #1f5f7a; --sea-ink: #ffffff; --good: #2f6f4f; --bad: #a3392b; --warn: #8a6100;
  --good-ground: #e4f0e8; --bad-ground: #f7e5e1; --warn-ground: #f6edd6; --sea-ground: #e2eef3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10171c; --sheet: #172128; --ink: #e4e8ea; --soft: #95a3ac; --line: #2a3841;
    --sea: #7dbad3; --sea-ink: #0d1a20; --good: #8accaa; --bad: #f0a396; --warn: #e4bf6a;
    --good-ground: #1b3328; --bad-ground: #3b211d; --warn-ground: #352c17; --sea-ground: #1a3340;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif; }
body { margin: 0; background: var(--ground); color: var(--ink); }
a { color: var(--sea); text-underline-offset: .18em; }
a:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible, .scroll:focus-visible {
  outline: 3px solid var(--sea); outline-offset: 2px; border-radius: .3rem;
}
header.bar { border-bottom: 1px solid var(--line); background: var(--sheet); }
.bar .inner, main, footer .inner { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
.bar .inner { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1.4rem; min-height: 3.6rem; }
.brand { display: inline-flex; align-items: center; gap: .55rem; font-weight: 650; color: var(--ink); text-decoration: none; }
.brand svg { width: 1.7rem; height: 1.7rem; color: var(--sea); }
nav { display: flex; flex-wrap: wrap; gap: .2rem .3rem; }
nav a { padding: .35rem .7rem; border-radius: .5rem; text-decoration: none; color: var(--soft); }
nav a:hover { color: var(--ink); }
nav a[aria-current] { background: var(--sea-ground); color: var(--ink); }
.who { margin-left: auto; display: flex; align-items: center; gap: .8rem; color: var(--soft); }
main { padding-top: 1.8rem; padding-bottom: 3.5rem; }
h1 { font-size: 1.55rem; line-height: 1.25; letter-spacing: -.01em; margin: 0 0 .3rem; text-wrap: balance; }
h2 { font-size: 1.08rem; margin: 0 0 .7rem; }
h3 { font-size: .95rem; margin: 1.3rem 0 .3rem; }
p { margin: .3rem 0; max-width: 68ch; }
.lead, .soft, small { color: var(--soft); }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: .9rem; padding: 1.2rem 1.3rem; margin-top: 1.2rem; }
.rows { list-style: none; padding: 0; margin: 1.2rem 0 0; display: grid; gap: .8rem; }
.sheet .rows { margin-top: 0; gap: 0; }
.rows .sheet { margin: 0; display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1.2rem; }
.sheet .rows .sheet { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: .8rem 0; }
.sheet .rows .sheet:first-child { border-top: 0; }
.rows .grow { flex: 1 1 18rem; min-width: 0; }
.rows strong a { text-decoration: none; }
code, .mono { font: .88em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono', monospace; overflow-wrap: anywhere; }
.chip { display: inline-block; padding: .1rem .65rem; border-radius: 1rem; font-size: .86rem; white-space: nowrap; background: var(--sea-ground); }
.chip.good { background: var(--good-ground); color: var(--good); }
.chip.bad { background: var(--bad-ground); color: var(--bad); }
.chip.warn { background: var(--warn-ground); color: var(--warn); }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; margin: .6rem 0; }
.scroll { overflow-x: auto; }
table.named tbody th { color: var(--ink); font-size: inherit; font-weight: 450; }
table.named tbody th, table.named tbody td { overflow-wrap: break-word; }
table.named th:last-child, table.named td:last-child { padding-right: 0; }
.choice { display: flex; align-items: center; gap: .6rem; margin: 0; font-weight: 450; white-space: nowrap; }
.choice input { flex: none; width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--sea); }
.skip { position: absolute; left: -100vw; top: .4rem; padding: .4rem .8rem; background: var(--sheet); border-radius: .5rem; }
.skip:focus { left: .6rem; }
.sheet > .notice { margin-top: .6rem; }
main > .notice:first-child { margin-top: 0; }
.notice + h1 { margin-top: 1.4rem; }
.sheet > label:first-child { margin-top: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 550; font-size: .86rem; color: var(--soft); }
th, td { padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child > * { border-bottom: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .35rem 1.4rem; margin: .6rem 0 0; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .1rem 2rem; margin: 0; }
.figures div { display: flex; justify-content: space-between; gap: 1rem; padding: .35rem 0; border-bottom: 1px solid var(--line); }
.figures dt { color: var(--soft); overflow-wrap: anywhere; }
.figures dd { margin: 0; font-variant-numeric: tabular-nums; }
label { display: block; font-weight: 550; margin: .9rem 0 .25rem; }
input, textarea {
  width: 100%; max-width: 34rem; padding: .55rem .7rem; font: inherit; color: inherit;
  background: var(--ground); border: 1px solid var(--line); border-radius: .55rem;
}
textarea { min-height: 5.5rem; resize: vertical; }
.actions { display: flex; flex-wrap: wrap; gap: .7rem; margin-top: 1.1rem; }
button, .button {
  font: inherit; font-weight: 600; padding: .55rem 1.2rem; border-radius: .6rem; cursor: pointer; text-decoration: none;
  border: 1px solid transparent; background: var(--sea); color: var(--sea-ink);
}
button:hover, .button:hover { filter: brightness(1.08); }
button.quiet, .button.quiet { background: transparent; color: var(--soft); border-color: var(--line); font-weight: 500; }
button.bad, .button.bad { background: transparent; color: var(--bad); border-color: currentColor; }
button.bad.sure { background: var(--bad); color: var(--sheet); border-color: transparent; }
.who button { padding: .25rem .8rem; }
.notice { border-left: 4px solid var(--sea); }
.notice.bad { border-left-color: var(--bad); }
.notice.warn { border-left-color: var(--warn); }
.narrow { max-width: 26rem; margin: 12vh auto 0; }
.narrow.wide { max-width: 38rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
footer { color: var(--soft); padding-bottom: 2rem; }
footer .inner { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; }
@media (max-width: 34rem) {
  html { font-size: 17px; }
  .who { margin-left: 0; width: 100%; justify-content: space-between; padding-bottom: .6rem; }
  .bar .inner { padding-top: .7rem; }
  .sheet { padding: 1rem; }
  nav a { padding: .35rem .5rem; }
  nav { gap: .1rem; margin-left: -.5rem; }
  table.named, table.named tbody { display: block; }
  table.named thead { display: none; }
  table.named tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  table.named tr:last-child { border-bottom: 0; }
  table.named tbody th { display: block; border: 0; padding: 0 0 .2rem; font-weight: 550; overflow-wrap: anywhere; }
  table.named tbody td, table.named tbody td.number {
    display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .1rem 0; text-align: right; white-space: normal;
  }
  table.named tbody td::before { content: attr(data-title); color: var(--soft); text-align: left; white-space: nowrap; }
  table.named tbody td:empty { display: none; }
  table.gate thead { display: none; }
  table.gate tr { display: grid; grid-template-columns: 1fr auto; gap: .2rem .8rem; padding: .7rem 0; border-bottom: 1px solid var(--line); }
  table.gate tr:last-child { border-bottom: 0; }
  table.gate td { border: 0; padding: 0; }
  table.gate td:nth-child(2) { grid-column: 1; grid-row: 1; }
  table.gate td:nth-child(1) { grid-column: 2; grid-row: 1; }
  table.gate td.number { text-align: left; }
  table.gate td:nth-child(4) { text-align: right; color: var(--soft); }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: .6rem; }
  .actions > * { flex: 1 1 9rem; text-align: center; }
}
@media print { header.bar, footer, form { display: none; } body { background: none; } }
`;
