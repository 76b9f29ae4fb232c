import { html, type Html, type HtmlValue } from './html.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Set for a column of figures: they stand to the right. */
  readonly isNumber?: boolean;
}

/**
 * A table with a name, its first column heading the rows. One that is wider than its place scrolls by itself, by
 * keyboard too; on a phone every row stands alone, each figure beside its column's title. The roles keep it a table
 * there for whoever listens to it.
 * @param rows cells in the order of the columns
 */
export function namedTable(name: string, columns: readonly Column[], rows: readonly (readonly HtmlValue[])[]): Html {
  const kind = ({ isNumber }: Column): string => (isNumber ? 'number' : '');
  const cells = (row: readonly HtmlValue[]): readonly Html[] =>
    columns.map((column, index) =>
      index === 0
        ? html`<th scope="row" role="rowheader">${row[index]}</th>`
        : html`<td role="cell" class="${kind(column)}" data-title="${column.title}">${row[index]}</td>`,
    );
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0">
    <table class="named" role="table" aria-label="${name}">
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((column) => html`<th scope="col" role="columnheader" class="${kind(column)}">${column.title}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          (row) =>
            html`<tr role="row">
              ${cells(row)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
