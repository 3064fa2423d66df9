import { describe, expect, it } from "vitest";
import type { Rule, TargetingConfig } from "@/api/types";
import { movedIds, targetingChanges } from "./changes";

const base: TargetingConfig = {
  enabled: true,
  offVariation: "off",
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variation: "off" },
};
const rule = (id: string, change: Partial<Rule> = {}): Rule => ({
  id,
  when: { segment: id },
  serve: { variation: "on" },
  ...change,
});
const words = (before: Partial<TargetingConfig>, after: Partial<TargetingConfig>) =>
  targetingChanges({ ...base, ...before }, { ...base, ...after }).map(({ what, from, to }) =>
    from === undefined ? what : `${what}: ${from} → ${to}`,
  );

describe("targetingChanges", () => {
  it("finds none where nothing differs", () => {
    expect(words({}, {})).toEqual([]);
  });
  it("tells of the switch, the default and the off variation", () => {
    expect(
      words(
        {},
        {
          enabled: false,
          offVariation: null,
          fallthrough: { split: { by: "targetingKey", weights: [["on", 100_000]] } },
        },
      ),
    ).toEqual([
      "Turned off",
      "Everyone else now gets: off → 100% on by targetingKey",
      "When off, now serves: off → code default",
    ]);
  });
  it("tells of prerequisites", () => {
    expect(
      words(
        {
          prerequisites: [
            { flag: "a", variations: ["on"] },
            { flag: "b", variations: ["on"] },
          ],
        },
        {
          prerequisites: [
            { flag: "a", variations: ["off"] },
            { flag: "c", variations: ["x", "y"] },
          ],
        },
      ),
    ).toEqual(["Requires a to serve: on → off", "No longer requires b", "Now requires c to serve x or y"]);
  });
  it("tells which keys came and went", () => {
    expect(
      words(
        { targets: [{ variation: "on", attribute: "targetingKey", values: ["u1", "u2"] }] },
        {
          targets: [
            { variation: "on", attribute: "targetingKey", values: ["u2", "u3"] },
            { variation: "off", attribute: "org", values: [7] },
          ],
        },
      ),
    ).toEqual([
      "Added targets for on: u3",
      "Removed targets for on: u1",
      "Added targets for off (by org): 7",
    ]);
  });
  it("tells of rules that are new, gone, changed and moved", () => {
    expect(words({ rules: [rule("a"), rule("b")] }, { rules: [rule("b"), rule("a")] })).toEqual([
      "Moved rule a: 1 → 2",
    ]);
    expect(words({ rules: [rule("a")] }, { rules: [rule("a", { serve: { variation: "off" } })] })).toEqual([
      "Rule 1 (a) now serves: on → off",
    ]);
    expect(words({ rules: [rule("a")] }, { rules: [rule("a", { when: { all: [] } })] })).toEqual([
      "Rule 1 (a) now applies to: in segment a → everyone",
    ]);
    expect(words({ rules: [rule("a")] }, { rules: [rule("b")] })).toEqual([
      "Removed rule 1 (a): in segment a: on",
      "Added rule 1 (b): in segment b: on",
    ]);
  });
  it("takes a condition that is only spelt out in full for the same", () => {
    const short = { attribute: "plan", op: "in", values: ["pro"] } as const;
    const full = { ...short, negate: false, ignoreCase: false };
    const when = (clause: object) =>
      rule("a", { when: { all: [{ not: clause }] } as unknown as Rule["when"] });
    expect(words({ rules: [when(short)] }, { rules: [when(full)] })).toEqual([]);
    expect(words({ rules: [when(short)] }, { rules: [when({ ...full, negate: true })] })).toHaveLength(1);
  });
  it("knows a rule again that was only renamed", () => {
    expect(words({ rules: [rule("a")] }, { rules: [rule("z", { when: { segment: "a" } })] })).toEqual([
      "Renamed rule 1: a → z",
    ]);
  });
});

describe("movedIds", () => {
  it("names the fewest", () => {
    expect([...movedIds(["a", "b", "c", "d"], ["d", "a", "b", "c"])]).toEqual(["d"]);
    expect([...movedIds(["a", "b"], ["a", "x", "b"])]).toEqual([]);
  });
});
