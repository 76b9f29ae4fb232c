import { html, type Html, type HtmlValue } from './html.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Set for a column of figures: they stand to the right. */
  readonly isNumber?: boolean;
}

/**
 * A table with a name, its first column heading the rows. One that is wider than a phone scrolls by itself, by keyboard
 * too.
 * @param rows cells in the order of the columns
 */
export function namedTable(name: string, columns: readonly Column[], rows: readonly (readonly HtmlValue[])[]): Html {
  const kind = ({ isNumber }: Column): string => (isNumber ? 'number' : '');
  const cells = (row: readonly HtmlValue[]): readonly Html[] =>
    columns.map((column, index) =>
      index === 0
        ? html`<th scope="row" class="${kind(column)}">${row[index]}</th>`
        : html`<td class="${kind(column)}">${row[index]}</td>`,
    );
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0">
    <table class="named">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${kind(column)}">${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
