import { expect, it } from "vitest";
import { snippets } from "./snippets";

it("holds the real key, address and flag in every snippet", () => {
  for (const { code } of snippets({ key: "pbc_1", url: "ws://hub/sdk/v1/stream", flag: "new-checkout" })) {
    expect(code).toContain("pbc_1");
    expect(code).toContain("ws://hub/sdk/v1/stream");
    expect(code).toContain("new-checkout");
  }
});
