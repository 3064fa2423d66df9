import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { messages } from "./messages";
import { PERMISSIONS } from "./permissions";

const GUIDE = join(import.meta.dirname, "../../../../docs/access.md");

it("is the table of the guide to access, which is the hub's", () => {
  const rows = readFileSync(GUIDE, "utf8").matchAll(
    /^\| `([\w.]+)`(?: ¹)? \| ([^|]+) \| (\w+) \| (✓?) *\| (✓?) *\| (✓?) *\| ✓ \|$/gm,
  );
  const documented = [...rows].map(([, key, words, on, viewer, editor, admin]) => {
    const least = viewer ? "viewer" : editor ? "editor" : admin ? "admin" : "owner";
    return [key, { on, least, words }] as const;
  });
  const known = Object.entries(PERMISSIONS).map(
    ([key, facts]) =>
      [key, { ...facts, words: messages.permissions[key as keyof typeof PERMISSIONS] }] as const,
  );
  expect(known).toEqual(documented);
});
