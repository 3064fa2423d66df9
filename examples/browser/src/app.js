// A page that reads flags. Open it as index.html?key=pbc_…&url=ws://127.0.0.1:6001/sdk/v1/stream

// #region create
import { createClient } from "@peekaboo/sdk";
import { shareTabs } from "@peekaboo/sdk/tabs";

const { key = "", url = "" } = Object.fromEntries(new URLSearchParams(location.search));

const flags = createClient({
  key, // pbc_…: public, and shows client-visible flags only
  url, // wss://flags.example.com/sdk/v1/stream
  anonymous: true, // visitors whom you do not know keep a random id of their own
  WebSocket: shareTabs(), // one connection for all tabs
});
// #endregion

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no ${id}`);
  return element;
}

// #region read
function render() {
  byId("banner").textContent = flags.string("banner-text", "Welcome");
  byId("buy").textContent = flags.bool("new-checkout", false) ? "Express checkout" : "Buy now";
}

await flags.ready(500); // true once there are values; never throws
render();
flags.on("change", render);
// #endregion

// #region identify
byId("sign-in").addEventListener("click", async () => {
  await flags.identify({ targetingKey: "user-2", country: "SE", plan: "pro" });
});
byId("sign-out").addEventListener("click", async () => {
  await flags.identify({}); // the anonymous visitor again
});
// #endregion

// #region track
byId("buy").addEventListener("click", () => {
  flags.track("purchase", 12.5);
});
// #endregion

// #region status
const show = () => {
  byId("status").textContent = flags.status; // connecting, live, reconnecting, paused, stopped or closed
};
show();
flags.on("status", show);
flags.on("error", ({ message, temporary }) => {
  if (!temporary) console.error(`No flags from here on: ${message}`);
});
// #endregion

// #region devtools
if (location.hash === "#flags") {
  const { openDevtools } = await import("@peekaboo/sdk/devtools");
  openDevtools(flags);
}
// #endregion
