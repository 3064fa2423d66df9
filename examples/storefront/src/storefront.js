import { watch } from "./behind.js";
import { findConfig } from "./config.js";
import { byId } from "./dom.js";
import { readLook } from "./flags.js";
import { currentVisitor, watchIdentity } from "./identity.js";
import { createClient } from "./peekaboo.min.js";
import { createShop } from "./shop.js";

/** How long the shop waits for flags before it opens with its own defaults. */
const PATIENCE_MS = 1500;

/** @param {string} text */
function notice(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = text === "";
}

/** Without a hub the shop is open all the same: that is what defaults are for. */
function openAlone() {
  createShop(readLook(null));
  document.documentElement.dataset.state = "stopped";
  byId("status").dataset.status = "stopped";
  byId("status").textContent = "No hub";
  byId("identify").setAttribute("disabled", "");
  notice(
    "No hub is named, so the shop shows its defaults. Add ?key=pbc_…&url=ws://…/sdk/v1/stream to the address.",
  );
}

/** @param {import("./config.js").Config} config */
async function openWith({ key, url }) {
  const flags = createClient({ key, url, context: currentVisitor() });
  watch(flags);
  watchIdentity(flags);
  flags.on("error", ({ message, temporary }) => {
    if (!temporary) notice(`The hub refused this page: ${message}. The shop goes on with what it last knew.`);
  });
  await flags.ready(PATIENCE_MS);
  const show = createShop(readLook(flags));
  flags.on("change", () => show(readLook(flags)));
}

const config = await findConfig();
try {
  if (config) await openWith(config);
  else openAlone();
} catch (error) {
  openAlone();
  notice(`${error instanceof Error ? error.message : error}. The shop shows its defaults.`);
}
