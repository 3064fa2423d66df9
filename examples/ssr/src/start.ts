import type { Context, Json } from "@peekaboo/sdk";

// #region start
/** What the server tells the page to start from. */
export interface Start {
  /** What the page was rendered with, and for whom. */
  readonly values: Readonly<Record<string, Json>>;
  readonly context: Context;
  /** Where the page follows its flags from then on; absent where the server has them from a file. */
  readonly hub?: { readonly key: string; readonly url: string };
}
// #endregion
