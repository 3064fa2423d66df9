import { afterEach, describe, expect, it } from "vitest";
import type { Targeting } from "@/api/types";
import { configOf, forgetDrafts, heldDraft, setDraft, settleDraft } from "./drafts";

const scope = { org: "acme", project: "shop", flag: "checkout", environment: "staging" };
const targeting = {
  enabled: false,
  offVariation: "off",
  prerequisites: [],
  targets: [],
  rules: [],
  fallthrough: { variation: "on" },
  version: 1,
} as unknown as Targeting;
const config = configOf(targeting);

afterEach(forgetDrafts);

describe("settleDraft", () => {
  const sent = { ...config, fallthrough: { variation: "off" } };
  const saved: Targeting = { ...targeting, ...sent, version: 2 };

  it("ends a draft that was saved as it stands", () => {
    setDraft(scope, { base: targeting, config: sent });
    settleDraft(scope, sent, saved);
    expect(heldDraft(scope)).toBeNull();
  });

  it("keeps what was changed while the save was under way, on top of what was saved", () => {
    setDraft(scope, { base: targeting, config: { ...sent, offVariation: "on" } });
    settleDraft(scope, sent, saved);
    expect(heldDraft(scope)).toEqual({ base: saved, config: { ...sent, offVariation: "on" } });
  });

  it("takes a switch that moved meanwhile for no change of mine", () => {
    setDraft(scope, { base: targeting, config: sent });
    settleDraft(scope, { ...sent, enabled: true }, { ...saved, enabled: true });
    expect(heldDraft(scope)).toBeNull();
  });
});

it("forgets every draft when somebody signs out", () => {
  setDraft(scope, { base: targeting, config: { ...config, offVariation: null } });
  forgetDrafts();
  expect(heldDraft(scope)).toBeNull();
});
