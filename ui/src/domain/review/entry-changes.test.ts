import { describe, expect, it } from "vitest";
import type { AuditEntry } from "@/api/types";
import { actionWords, entryChanges } from "./entry-changes";

const entry = (action: string, before?: object, after?: object): AuditEntry => ({
  id: "1",
  at: "2026-01-01T00:00:00Z",
  actor: { kind: "user", id: "2", name: "Ada" },
  action,
  subject: { kind: "flag", key: "f" },
  ...(before ? { before: before as Record<string, unknown> } : {}),
  ...(after ? { after: after as Record<string, unknown> } : {}),
});
const targeting = {
  enabled: false,
  offVariation: "off",
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variation: "on" },
  version: 1,
};

describe("entryChanges", () => {
  it("tells of a definition’s members and variations, not of bookkeeping", () => {
    const changes = entryChanges(
      entry(
        "flag.updated",
        {
          version: 1,
          name: "A",
          tags: [],
          clientVisible: false,
          variations: [
            { key: "a", value: 1 },
            { key: "b", value: 2 },
          ],
        },
        {
          version: 2,
          name: "B",
          tags: ["x"],
          clientVisible: true,
          variations: [
            { key: "a", value: 3 },
            { key: "c", value: 4 },
          ],
        },
      ),
    );
    expect(
      changes.map(({ what, from, to }) => [what, from, to].filter((part) => part !== undefined).join("|")),
    ).toEqual([
      "Name|A|B",
      "Tags|nothing|x",
      "Available to browsers and mobile apps|no|yes",
      "Value of a|1|3",
      "Variation b",
      "Variation c: 4",
    ]);
  });
  it("tells who came into a segment and who left", () => {
    const segment = { included: ["a", "b"], excluded: [], when: { any: [] }, name: "S" };
    const changes = entryChanges(
      entry("segment.updated", segment, { ...segment, included: ["b", "c"], when: { segment: "x" } }),
    );
    expect(changes.map((change) => change.what)).toEqual([
      "Now included: c",
      "No longer included: a",
      "Condition",
    ]);
  });
  it("has nothing to tell of what came or went as a whole", () => {
    expect(entryChanges(entry("flag.created", undefined, { name: "A" }))).toEqual([]);
  });
});

describe("actionWords", () => {
  it("knows a mere switch", () => {
    expect(
      actionWords(entry("targeting.updated", targeting, { ...targeting, enabled: true, version: 2 })),
    ).toBe("turned on");
    expect(actionWords(entry("targeting.updated", targeting, { ...targeting, offVariation: null }))).toBe(
      "changed the targeting",
    );
  });
  it("leads on to what was changed, where that follows", () => {
    const change = entry("targeting.updated", targeting, { ...targeting, offVariation: null });
    expect(actionWords(change, true)).toBe("changed the targeting of");
    expect(actionWords(entry("flag.updated"), true)).toBe("changed the flag");
  });
  it("falls back to the action’s own name", () => {
    expect(actionWords(entry("webhook.created"))).toBe("webhook.created");
  });
});
