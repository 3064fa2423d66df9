import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isValidElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import type { Message, Messages } from "@/lib/language/catalog";
import { english } from "./english";

// Values are shown by their names, and plurals with all of their forms, as a translator needs to see them.
vi.mock("@/lib/language/format", () => ({
  plural: (count: string, forms: Record<string, string>) =>
    `{${count.slice(1, -1)}: ${Object.entries(forms)
      .map(([form, text]) => `${form} “${text}”`)
      .join(", ")}}`,
  list: String,
  number: String,
  percent: String,
  shortNumber: String,
  date: String,
  relative: String,
}));

test("every text of the dashboard is as reviewed", async () => {
  const text = Object.entries(english)
    .map(([name, catalog]) => `# ${name}\n\n${print(catalog)}\n`)
    .join("\n");
  await expect(text).toMatchFileSnapshot("./english.snap.txt");
});

test("every catalog is known to translators", () => {
  const sources = join(import.meta.dirname, "..");
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith("/messages.ts"),
  );
  expect(Object.keys(english)).toHaveLength(files.length);
});

function print(messages: Messages, group = ""): string {
  return Object.entries(messages)
    .filter(([, message]) => message !== "")
    .map(([name, message]) =>
      typeof message === "object" ? print(message, `${group}${name}.`) : `${group}${name}: ${show(message)}`,
    )
    .join("\n");
}

/** A message with the names of its values in their places. */
function show(message: Message): string {
  if (typeof message === "string") return message;
  const shown: unknown = message(...(valuesOf(message) as never[]));
  return isValidElement(shown) ? renderToStaticMarkup(shown) : String(shown);
}

/** For each value that a message takes, or for each of its members, its own name in braces. */
function valuesOf(message: Exclude<Message, string>): unknown[] {
  const parameters = /^\(?(.*?)\)?\s*=>/s.exec(message.toString())?.[1] ?? "";
  if (parameters.trim().startsWith("{")) return [new Proxy({}, { get: (_, name) => `{${String(name)}}` })];
  return parameters.split(",").map((name) => `{${name.trim()}}`);
}
