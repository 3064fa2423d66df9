import { describe, expect, it } from "vitest";
import { bestRank, found } from "./rank";

const items = [
  { name: "Use the dark theme", words: "mode appearance" },
  { name: "Create flag", words: "new add" },
  { name: "Connect to Production", detail: "Code snippets" },
  { name: "Flags" },
];
const names = (search: string) => found(items, search).map(({ name }) => name);

describe("the palette", () => {
  it("finds commands by their words, in any order, and by other words for them", () => {
    expect(names("dark")).toEqual(["Use the dark theme"]);
    expect(names("theme dark")).toEqual(["Use the dark theme"]);
    expect(names("dark mode")).toEqual(["Use the dark theme"]);
    expect(names("new flag")).toEqual(["Create flag"]);
    expect(names("snippets")).toEqual(["Connect to Production"]);
  });

  it("puts first what begins with the search", () => {
    expect(names("flag")).toEqual(["Flags", "Create flag"]);
  });

  it("finds nothing that lacks a word of the search", () => {
    expect(names("dark flag")).toEqual([]);
  });

  it("keeps everything in its order while nothing is typed", () => {
    expect(names("")).toEqual(items.map(({ name }) => name));
  });

  it("tells which group answers best", () => {
    expect(bestRank([{ name: "Create flag" }], "create")).toBeLessThan(
      bestRank([{ name: "Re-create" }], "create"),
    );
    expect(bestRank([], "create")).toBeGreaterThan(bestRank([{ name: "Re-create" }], "create"));
  });
});
