import { describe, expect, it } from "vitest";
import { readMetadata, writeMetadata } from "./metadata";

describe("metadata", () => {
  it("is a line for each entry, with types as they look", () => {
    const text =
      "owner: checkout team\nticket: SHOP-12\npriority: 2\ntemporary: true\nurl: https://example.com/a";
    const metadata = {
      owner: "checkout team",
      ticket: "SHOP-12",
      priority: 2,
      temporary: true,
      url: "https://example.com/a",
    };
    expect(readMetadata(text)).toEqual({ ok: true, metadata });
    expect(writeMetadata(metadata)).toBe(text);
  });

  it("keeps text that looks like something else in quotes", () => {
    const metadata = { code: "007", year: "2026", on: "true", quoted: '"a"', blank: "", padded: " a " };
    expect(readMetadata(writeMetadata(metadata))).toEqual({ ok: true, metadata });
    expect(writeMetadata({ year: "2026" })).toBe('year: "2026"');
    expect(writeMetadata({ code: "007" })).toBe("code: 007");
  });

  it("says which line cannot be read, and why", () => {
    expect(readMetadata("owner: a\nno colon")).toEqual({ ok: false, fault: "line", line: "no colon" });
    expect(readMetadata(": a")).toEqual({ ok: false, fault: "line", line: ": a" });
    expect(readMetadata("a: 1\na: 2")).toEqual({ ok: false, fault: "twice", line: "a: 2" });
    expect(readMetadata("version: 1")).toEqual({ ok: false, fault: "reserved", line: "version: 1" });
    expect(readMetadata("\n\n")).toEqual({ ok: true, metadata: {} });
  });
});
