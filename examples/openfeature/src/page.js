// A page that reads flags by OpenFeature. Open it as ?key=pbc_…&url=ws://127.0.0.1:6001
const { key = "", url = "" } = Object.fromEntries(new URLSearchParams(location.search));

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no ${id}`);
  return element;
}

// #region page
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import { PeekabooWebProvider } from "@peekaboo/sdk/openfeature-web";

await OpenFeature.setContext({ targetingKey: "user-1", country: "DE" });
OpenFeature.setProvider(new PeekabooWebProvider({ key, url }));
const client = OpenFeature.getClient();

function render() {
  byId("banner").textContent = client.getStringValue("banner-text", "Welcome");
  byId("buy").textContent = client.getBooleanValue("new-checkout", false) ? "Express checkout" : "Buy now";
  byId("status").textContent = client.providerStatus; // READY, STALE while the hub is away, ERROR for a refused key
}

// Ready, ConfigurationChanged, ContextChanged, Stale, Error and the rest
for (const event of Object.values(ProviderEvents)) client.addHandler(event, render);

byId("buy").addEventListener("click", () => client.track("purchase", { value: 12.5 }));
byId("sign-in").addEventListener("click", async () => {
  await OpenFeature.setContext({ targetingKey: "user-2", country: "SE", plan: "pro" });
});
// #endregion
