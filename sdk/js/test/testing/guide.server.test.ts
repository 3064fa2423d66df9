// What docs/sdk/testing.md shows of servers, as it is built: through the package's own exports.
import { readFileSync } from "node:fs";
import { join } from "node:path";
// #region server
import type { ServerClient } from "@peekaboo/sdk/node";
import { createTestServerClient } from "@peekaboo/sdk/testing";
import { expect, test } from "vitest";

function priceFor(flags: ServerClient, user: { targetingKey: string; plan: string }): number {
  return 80 * (1 - flags.number("discount-percent", 0, user) / 100);
}

test("members pay less", () => {
  const flags = createTestServerClient({
    "discount-percent": ({ plan }) => (plan === "pro" ? 10 : undefined), // undefined: the default of the read
  });
  expect(priceFor(flags, { targetingKey: "user-1", plan: "free" })).toBe(80);
  expect(priceFor(flags, { targetingKey: "user-2", plan: "pro" })).toBe(72);
  expect(flags.reads("discount-percent")).toMatchObject([{ value: undefined }, { value: 10 }]);
});
// #endregion

test("rules decide as they do in production", async () => {
  const exported = readFileSync(join(import.meta.dirname, "../../../../examples/rules.json"), "utf8");
  // #region rules
  const { createServerClient } = await import("@peekaboo/sdk/node");

  const flags = createServerClient({ offline: true, bootstrap: JSON.parse(exported) });
  const theme = flags.detail("hero-theme", "dawn", { targetingKey: "user-1", country: "SE" });
  expect(theme).toMatchObject({ value: "fjord", reason: "TARGETING_MATCH" });
  // #endregion
  await flags.close();
});
