import { describe, expect, it } from "vitest";
import { moduleUrl, snippets } from "./snippets";

const input = { key: "pbc_1", url: "ws://hub/sdk/v1/stream" };

describe("snippets", () => {
  it("hold the real key, address and flag", () => {
    for (const { code } of snippets({ ...input, flag: { key: "new-checkout", type: "boolean" } })) {
      expect(code).toContain("pbc_1");
      expect(code).toContain("ws://hub/sdk/v1/stream");
      expect(code).toContain("new-checkout");
    }
  });

  it("read a flag as what it is", () => {
    const read = (type: "string" | "number" | "object" | "boolean") =>
      snippets({ ...input, flag: { key: "hero", type } })[0]?.code;
    expect(read("boolean")).toContain('flags.bool("hero", false)');
    expect(read("string")).toContain('flags.string("hero", "")');
    expect(read("number")).toContain('flags.number("hero", 0)');
    expect(read("object")).toContain('flags.object("hero", {})');
  });

  it("import the module from the port of the stream, over TLS where that is", () => {
    expect(moduleUrl("ws://127.0.0.1:6001/sdk/v1/stream")).toBe(
      "http://127.0.0.1:6001/sdk/v1/js/peekaboo.min.js",
    );
    expect(moduleUrl("wss://sdk.example.com/sdk/v1/stream")).toBe(
      "https://sdk.example.com/sdk/v1/js/peekaboo.min.js",
    );
  });
});
