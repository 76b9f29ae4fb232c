import type { ColumnTable } from '#domain/columnTable.ts';

export type { ColumnTable } from '#domain/columnTable.ts';

/** Tables as Parquet files, readable by any Parquet reader. */
export interface ColumnTables {
  encode(table: ColumnTable): Promise<Uint8Array>;
  /** @throws Failure TABLE_UNREADABLE when the bytes are no Parquet file */
  decode(bytes: Uint8Array): Promise<ColumnTable>;
  /** The tables of several files, in their order. @throws Failure TABLE_UNREADABLE when one is no Parquet file */
  decodeAll(files: readonly Uint8Array[]): Promise<readonly ColumnTable[]>;
}
