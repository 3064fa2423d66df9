// A server that decides by flags. PEEKABOO_KEY is a server key, PEEKABOO_URL the hub's SDK address; or give
// PEEKABOO_FILE, a ruleset in a file, and need no hub at all.
import { createServer } from "node:http";
import { createServerClient } from "@peekaboo/sdk/node";

const { PEEKABOO_KEY, PEEKABOO_URL, PEEKABOO_FILE, PORT = "8080" } = process.env;

const flags = createServerClient(
  PEEKABOO_FILE ? { file: PEEKABOO_FILE } : { key: PEEKABOO_KEY, url: PEEKABOO_URL },
);
flags.on("change", ({ keys }) => console.log("changed:", keys.join(", ")));

await flags.ready(2000); // never throws: without rules, defaults are served

const server = createServer((request, response) => {
  const user = new URL(request.url, "http://localhost").searchParams.get("user") ?? "nobody";
  const checkout = flags.detail("new-checkout", false, { targetingKey: user });
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(checkout));
});
server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

process.once("SIGTERM", async () => {
  server.close();
  await flags.close(); // tells the hub what it has not been told
});
