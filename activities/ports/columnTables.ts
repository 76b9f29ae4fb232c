/** A column of a table: text, or 64-bit floats in which NaN stands for absent. */
export type Column =
  | { readonly name: string; readonly type: 'text'; readonly values: readonly string[] }
  | { readonly name: string; readonly type: 'double'; readonly values: Float64Array };

/** A table by columns of equal length. */
export type ColumnTable = readonly Column[];

/** Tables as Parquet files, readable by any Parquet reader. */
export interface ColumnTables {
  encode(table: ColumnTable): Promise<Uint8Array>;
  /** @throws Failure TABLE_UNREADABLE when the bytes are no Parquet file */
  decode(bytes: Uint8Array): Promise<ColumnTable>;
}
