import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

import { complaints, digests, present } from "./conformance.js";

const folder = resolve(import.meta.dirname, "../../sdk/conformance");

test("every released conformance case is as it was, and every case is released", () => {
  const released = JSON.parse(readFileSync(join(folder, "released.json"), "utf8"));
  assert.ok(Object.keys(released).length > 1000);
  assert.deepEqual(complaints(released, present(folder)), []);
});

const FILE = {
  description: "words may change",
  ruleset: { flags: { f: { type: "boolean", enabled: true } } },
  cases: [{ name: "one", flag: "f", expect: { value: true } }],
};

test("a case that changes, one that goes and one that is not listed are told apart", () => {
  const released = digests("a.json", FILE);
  assert.deepEqual(complaints(released, digests("a.json", { ...FILE, description: "other words" })), []);
  const reordered = { ...FILE, cases: [{ expect: { value: true }, flag: "f", name: "one" }] };
  assert.deepEqual(complaints(released, digests("a.json", reordered)), []);

  const changed = { ...FILE, cases: [{ name: "one", flag: "f", expect: { value: false } }] };
  assert.match(complaints(released, digests("a.json", changed)).join(), /a.json cases one: was changed/);
  const otherRule = { ...FILE, ruleset: { flags: { f: { type: "boolean", enabled: false } } } };
  assert.match(complaints(released, digests("a.json", otherRule)).join(), /a.json flags f: was changed/);
  assert.match(
    complaints(released, digests("a.json", { ...FILE, cases: [] })).join(),
    /a.json cases one: is gone/,
  );
  const more = { ...FILE, cases: [...FILE.cases, { name: "two" }] };
  assert.match(complaints(released, digests("a.json", more)).join(), /^a.json cases two: is new/);
});
