import { html, type Html, type HtmlValue } from './html.ts';
import { chip } from './layout.ts';
import { namedTable } from './table.ts';

/** One thing that is compared: its name, and its text on each side; undefined where a side has none. */
export interface ComparedRow {
  readonly name: HtmlValue;
  readonly texts: readonly (string | undefined)[];
  /** What is drawn instead of a side's text, e.g. as a link. */
  readonly shown?: readonly HtmlValue[];
  /** Set for what is different by nature, such as an identity: nothing is said about it. */
  readonly isIdentity?: true;
}

/** A table of texts side by side; a word beside each row says whether they are the same, so that nobody has to look twice. */
export function sideBySide(name: string, sides: readonly string[], rows: readonly ComparedRow[]): Html {
  const columns = [{ title: '' }, ...sides.map((title) => ({ title })), { title: 'Compared' }];
  return namedTable(
    name,
    columns,
    rows.map(({ name: heading, texts, shown, isIdentity }) => [
      heading,
      ...texts.map((text, index) => shown?.[index] ?? text ?? html`<span class="soft">none</span>`),
      isIdentity ? '' : verdict(texts),
    ]),
  );
}

function verdict(texts: readonly (string | undefined)[]): Html {
  return new Set(texts).size === 1 ? html`<span class="soft">same</span>` : chip('differs', 'warn');
}

/** Text of sides whose values are looked up by name: every name that any side has, sorted. */
export function rowsByName(sides: readonly Readonly<Record<string, string>>[]): readonly ComparedRow[] {
  const names = [...new Set(sides.flatMap((side) => Object.keys(side)))].sort((one, other) => one.localeCompare(other));
  return names.map((name) => ({ name: breakable(name), texts: sides.map((side) => side[name]) }));
}

/** A dotted name that may break after its dots, rather than anywhere. */
export function breakable(name: string): readonly HtmlValue[] {
  return name.split('.').map((part, index) => (index === 0 ? part : html`.<wbr />${part}`));
}

/** A digest short enough to read; the whole of it is its title. */
export function digestText(digest: string): Html {
  return html`<code title="${digest}">${digest.slice(0, 12)}</code>`;
}
