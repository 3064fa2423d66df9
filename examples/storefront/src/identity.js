// Who the visitor says to be, kept for the tab's life.

import { byId } from "./dom.js";

/** @typedef {{ targetingKey: string, country: string, plan: string }} Visitor */

const KEPT = "storefront-visitor";

/** @type {Visitor} */
const NOBODY = { targetingKey: "ada", country: "DE", plan: "free" };

/** @returns {Visitor} */
export function currentVisitor() {
  try {
    return { ...NOBODY, ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return NOBODY;
  }
}

/**
 * Lets the form change who is looking.
 *
 * @param {import("./flags.js").FlagClient} flags
 */
export function watchIdentity(flags) {
  const form = /** @type {HTMLFormElement} */ (byId("identity"));
  const button = /** @type {HTMLButtonElement} */ (byId("identify"));
  for (const [name, value] of Object.entries(currentVisitor())) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void identify();
  });

  async function identify() {
    const visitor = /** @type {Visitor} */ (Object.fromEntries(new FormData(form)));
    button.disabled = true;
    byId("identified").textContent = "Asking the hub…";
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(visitor));
    } catch {
      // Then the next reload starts with no one.
    }
    const began = performance.now();
    const arrived = await flags.identify(visitor, 5000);
    const took = Math.round(performance.now() - began);
    button.disabled = false;
    byId("identified").textContent = arrived
      ? `Now showing the shop as ${visitor.targetingKey} sees it (${took} ms)`
      : "No answer yet. The values follow as soon as the hub is back.";
  }
}
