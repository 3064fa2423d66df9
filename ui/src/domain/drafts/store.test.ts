import { afterEach, expect, it, vi } from "vitest";
import { forgetDrafts, heldDraft, keepDraft } from "./store";

const draft = { base: { name: "a" }, version: 1, mine: { name: "b" } };

afterEach(() => {
  forgetDrafts();
  vi.unstubAllGlobals();
  vi.resetModules();
});

it("keeps what is unsaved, and forgets a draft in which nothing is", () => {
  keepDraft("x", draft);
  expect(heldDraft("x")).toEqual(draft);
  keepDraft("x", { ...draft, mine: draft.base });
  expect(heldDraft("x")).toBeNull();
});

it("forgets every draft when somebody signs out", () => {
  keepDraft("x", draft);
  forgetDrafts();
  expect(heldDraft("x")).toBeNull();
});

it("finds drafts again after the window was reloaded", async () => {
  const stored = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
  keepDraft("x", draft);
  vi.resetModules();
  const reloaded = await import("./store");
  expect(reloaded.heldDraft("x")).toEqual(draft);
});

it("starts without drafts where what was stored cannot be read", async () => {
  vi.stubGlobal("sessionStorage", { getItem: () => "{", setItem: () => {} });
  vi.resetModules();
  const reloaded = await import("./store");
  expect(reloaded.heldDraft("x")).toBeNull();
});
