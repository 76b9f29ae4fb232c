/** Tells people that something needs them. */
export interface Pager {
  page(notice: { readonly account: string; readonly tier: number; readonly text: string }): Promise<void>;
}
