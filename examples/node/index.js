// A server that decides by flags. PEEKABOO_KEY is a server key, PEEKABOO_URL the hub's address for applications; or
// give PEEKABOO_FILE, a ruleset in a file, and need no hub at all.

// #region create
import { createServer } from "node:http";
import { createServerClient } from "@peekaboo/sdk/node";

const {
  PEEKABOO_KEY: key = "",
  PEEKABOO_URL: url = "http://127.0.0.1:6001",
  PEEKABOO_FILE: file,
} = process.env;

const flags = createServerClient(file ? { file } : { key, url });
flags.on("change", ({ keys }) => console.log("changed:", keys.join(", ")));

await flags.ready(2000); // never throws: without rules, defaults are served
// #endregion

// #region read
const server = createServer((request, response) => {
  const user = new URL(request.url ?? "/", "http://localhost").searchParams.get("user") ?? "nobody";
  const checkout = flags.detail("new-checkout", false, { targetingKey: user });
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(checkout));
});
// #endregion

server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`listening on http://127.0.0.1:${address.port}`);
});

// #region close
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(async () => {
      await flags.close(); // tells the hub what it has not been told
    });
  });
}
// #endregion
