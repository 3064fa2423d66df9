// A program that reads a flag by OpenFeature, and again whenever it changes. PEEKABOO_KEY is a server key, PEEKABOO_URL
// the hub's address for applications; or give PEEKABOO_FILE, a ruleset in a file, and need no hub at all.
const {
  PEEKABOO_KEY: key = "",
  PEEKABOO_URL: url = "http://127.0.0.1:6001",
  PEEKABOO_FILE: file,
} = process.env;

// #region server
import { OpenFeature, ProviderEvents } from "@openfeature/server-sdk";
import { PeekabooServerProvider } from "@peekaboo/sdk/openfeature-server";

// `{ file: "rules.json" }` in place of the two evaluates by a ruleset in a file, without a hub.
const provider = new PeekabooServerProvider(file ? { file } : { key, url });
await OpenFeature.setProviderAndWait(provider).catch(({ message }) => {
  console.warn(`serving defaults for now: ${message}`); // rules that come later count all the same
});
const client = OpenFeature.getClient();

async function show() {
  const checkout = await client.getBooleanValue("new-checkout", false, { targetingKey: "user-1" });
  console.log(checkout ? "Express checkout" : "Cart");
}

await show();
client.addHandler(ProviderEvents.ConfigurationChanged, show); // the moment a flag is changed
// #endregion

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => OpenFeature.close());
