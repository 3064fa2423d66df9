/**
 * The flags this page reads, each with what the shop does without a hub. `flags.json` defines them for the demo.
 * @typedef {import("./peekaboo.min.js").FlagClient} FlagClient
 */

export const FLAG_KEYS = [
  "new-checkout",
  "hero-theme",
  "banner-text",
  "discount-percent",
  "free-shipping-threshold",
  "layout",
];

/**
 * What the shop is to look like now.
 * @typedef {{
 *   expressCheckout: boolean,
 *   theme: string,
 *   banner: string,
 *   discountPercent: number,
 *   freeShippingFrom: number,
 *   columns: number,
 *   ratings: boolean,
 * }} Look
 */

/**
 * @param {FlagClient | null} flags
 * @returns {Look}
 */
export function readLook(flags) {
  const layout = /** @type {{ columns?: unknown, ratings?: unknown }} */ (flags?.object("layout", {}) ?? {});
  return {
    expressCheckout: flags?.bool("new-checkout", false) ?? false,
    theme: flags?.string("hero-theme", "dawn") ?? "dawn",
    banner: flags?.string("banner-text", "") ?? "",
    discountPercent: between(0, 90, flags?.number("discount-percent", 0) ?? 0),
    freeShippingFrom: Math.max(0, flags?.number("free-shipping-threshold", 100) ?? 100),
    // The shape of an object flag is for the page to check: people can make mistakes when they edit it.
    columns: typeof layout.columns === "number" ? between(1, 4, Math.round(layout.columns)) : 3,
    ratings: layout.ratings === true,
  };
}

/**
 * @param {number} least
 * @param {number} most
 * @param {number} value
 */
function between(least, most, value) {
  return Math.min(most, Math.max(least, value));
}
