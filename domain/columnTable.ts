/** A column of a table: text, or 64-bit floats in which NaN stands for absent. */
export type Column =
  | { readonly name: string; readonly type: 'text'; readonly values: readonly string[] }
  | { readonly name: string; readonly type: 'double'; readonly values: Float64Array };

/** A table by columns of equal length. */
export type ColumnTable = readonly Column[];
