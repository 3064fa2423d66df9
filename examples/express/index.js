// A shop's API that decides by flags. PEEKABOO_KEY is a server key, PEEKABOO_URL the hub's address for applications; or
// give PEEKABOO_FILE, a ruleset in a file, and need no hub at all.
import { createServerClient } from "@peekaboo/sdk/node";
import express from "express";

const {
  PEEKABOO_KEY: key = "",
  PEEKABOO_URL: url = "http://127.0.0.1:6001",
  PEEKABOO_FILE: file,
} = process.env;

const PRICE = 80;

// One client for the whole process: it holds the rules of its environment.
const flags = createServerClient(file ? { file } : { key, url });
await flags.ready(2000); // never throws: without rules, defaults are served

const app = express();

// While the process ends, each connection ends with its answer.
app.use((_request, response, next) => {
  if (!server.listening) response.set("connection", "close");
  next();
});

app.get("/healthz", (_request, response) => {
  response.json({ flags: flags.status, version: flags.version });
});

// #region context
// Whom flags are evaluated for, once a request. In an application of yours it comes from the session, never from what
// a visitor may write.
app.use((request, response, next) => {
  response.locals.context = {
    targetingKey: request.get("x-user") ?? "nobody",
    country: request.get("x-country") ?? "DE",
    plan: request.get("x-plan") ?? "free",
  };
  next();
});
// #endregion

// #region read
app.get("/price", (_request, response) => {
  const { context } = response.locals;
  const discount = flags.number("discount-percent", 0, context);
  response.json({ price: PRICE * (1 - discount / 100), discount });
});

app.post("/orders", express.json(), (request, response) => {
  const { context } = response.locals;
  if (!flags.bool("new-checkout", false, context)) {
    response.status(404).json({ error: "orders are made in the cart" });
    return;
  }
  const { quantity } = request.body;
  flags.track("purchase", context, PRICE * quantity); // what experiments measure
  response.status(201).json({ ordered: quantity });
});
// #endregion

// #region bootstrap
// What a page starts from, so that it has its flags before it has a connection: the browser client's `bootstrap`.
app.get("/flags", (_request, response) => {
  response.json(flags.allFlags(response.locals.context, { clientVisible: true }));
});
// #endregion

// #region close
const server = app.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", (error) => {
  if (error) throw error; // as for a port that another has
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`listening on http://127.0.0.1:${address.port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    // Requests in progress are answered, by the flags that are there; then the hub is told what it has not been told.
    server.close(async () => {
      await flags.close();
    });
  });
}
// #endregion
