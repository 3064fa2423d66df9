// Written by `peekaboo types flags.json --language typescript --client-visible --out src/flags.ts`. Change the flags, not this file, and write it anew.

/** The flags by key, each with the type of its values: for `createClient<Flags>(…)`. */
export interface Flags {
  /**
   * Banner text.
   *
   * The line above the shop. Empty: no banner.
   */
  "banner-text": string;
  /**
   * Discount.
   *
   * Percent off every price.
   */
  "discount-percent": number;
  /**
   * Free shipping from.
   *
   * The order value, in euros, from which shipping is free.
   */
  "free-shipping-threshold": number;
  /**
   * Hero theme.
   *
   * The colors and picture at the top of the shop.
   */
  "hero-theme": "dawn" | "midnight" | "fjord";
  /**
   * Product layout.
   *
   * How the products are laid out.
   */
  layout: { readonly columns: number; readonly ratings: boolean };
  /**
   * New checkout.
   *
   * One button from product to paid, in place of the cart.
   */
  "new-checkout": boolean;
}
