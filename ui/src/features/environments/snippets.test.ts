import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { moduleUrl, packageUrl, snippets } from "./snippets";

const input = { key: "pbc_1", url: "ws://hub/sdk/v1/stream" };

describe("snippets", () => {
  it("hold the real key, address and flag", () => {
    for (const { code, needs } of snippets({ ...input, flag: { key: "new-checkout", type: "boolean" } })) {
      expect(code).toContain(needs === "client" ? '"pbc_1"' : "PEEKABOO_KEY");
      expect(code).toMatch(/"(ws|http):\/\/hub|GET ws:\/\/hub/);
      expect(code).toContain("new-checkout");
    }
  });

  it("give no server's snippet a key that cannot do what it says", () => {
    const servers = snippets({ ...input, flag: { key: "hero", type: "string" } }).filter(
      ({ needs }) => needs === "server",
    );
    expect(servers.map(({ kind }) => kind)).toEqual(["node", "rust", "openfeature"]);
    for (const { code } of servers) expect(code).not.toContain("pbc_");
  });

  it("read a flag as what it is", () => {
    const read = (type: "string" | "number" | "object" | "boolean", kind = "page") =>
      snippets({ ...input, flag: { key: "hero", type } }).find((each) => each.kind === kind)?.code;
    expect(read("boolean")).toContain('flags.bool("hero", false)');
    expect(read("string")).toContain('flags.string("hero", "")');
    expect(read("number")).toContain('flags.number("hero", 0)');
    expect(read("object")).toContain('flags.object("hero", {})');
    expect(read("boolean", "openfeature")).toContain('get_boolean_value("hero", False, user)');
    expect(read("number", "rust")).toContain('flags.number("hero", &user, 0.0)');
    expect(read("number", "openfeature")).toContain('get_integer_value("hero", 0, user)');
  });

  it("show for Rust what its compiler takes", () => {
    const url = "ws://127.0.0.1:6001/sdk/v1/stream";
    const all = snippets({ key: "pbc_1", url, flag: { key: "new-checkout", type: "boolean" } });
    const example = readFileSync(
      new URL("../../../../sdk/rust/examples/connect.rs", import.meta.url),
      "utf8",
    );
    const shown = all.find(({ kind }) => kind === "rust")?.code;
    expect(`${shown}\n`).toBe(example.slice(example.indexOf("use std")));
  });

  it("install the package of this version from the hub", () => {
    const { version } = JSON.parse(
      readFileSync(new URL("../../../../sdk/js/package.json", import.meta.url), "utf8"),
    );
    const url = `http://127.0.0.1:6001/sdk/v1/js/peekaboo-sdk-${version}.tgz`;
    expect(packageUrl("ws://127.0.0.1:6001/sdk/v1/stream")).toBe(url);
    const all = snippets({
      key: "pbc_1",
      url: "ws://127.0.0.1:6001/sdk/v1/stream",
      flag: { key: "hero", type: "string" },
    });
    for (const kind of ["bundled", "react", "node"]) {
      expect(all.find((each) => each.kind === kind)?.install).toContain(`npm install ${url}`);
    }
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
