// A server that renders a React page with each visitor's flags. PEEKABOO_KEY is a server key, PEEKABOO_CLIENT_KEY the
// client key that the page goes on with, PEEKABOO_URL the hub's address for applications; or give PEEKABOO_FILE, a
// ruleset in a file, and need no hub at all.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Context } from "@peekaboo/sdk";
import { createServerClient } from "@peekaboo/sdk/node";
import type { Request, Response } from "express";
import express from "express";
import { renderPage } from "./page.js";

const {
  PEEKABOO_KEY: key = "",
  PEEKABOO_CLIENT_KEY: clientKey = "",
  PEEKABOO_URL: url = "http://127.0.0.1:6001",
  PEEKABOO_FILE: file,
} = process.env;

const browser = join(import.meta.dirname, "../browser");
const template = readFileSync(join(browser, "index.html"), "utf8");

// #region server
const flags = createServerClient(file ? { file } : { key, url });
await flags.ready(2000); // never throws: without rules, defaults are served

const app = express();
app.use(express.static(browser, { index: false }));

app.get("/", (request, response) => {
  const context = contextOf(request, response);
  const values = flags.allFlags(context, { clientVisible: true });
  const hub = file ? {} : { hub: { key: clientKey, url } };
  response.type("html").send(renderPage(template, { values, context, ...hub }));
});

/** The visitor, by a cookie, so that the server and the browser decide for the same one. */
function contextOf(request: Request, response: Response): Context {
  const visitor = /\bvisitor=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? randomUUID();
  response.cookie("visitor", visitor, { httpOnly: true, sameSite: "lax", maxAge: 365 * 24 * 3600 * 1000 });
  return { targetingKey: visitor, country: String(request.query.country ?? "DE") };
}
// #endregion

const server = app.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", (error) => {
  if (error) throw error; // as for a port that another has
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(async () => {
      await flags.close();
    });
  });
}
