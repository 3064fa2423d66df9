import { describe, expect, it } from "vitest";
import { timeAgo } from "./time";

const now = Date.parse("2026-03-01T12:00:00Z");

describe("timeAgo", () => {
  it.each([
    ["2026-03-01T11:59:30Z", "just now"],
    ["2026-03-01T11:55:00Z", "5 min. ago"],
    ["2026-02-28T12:00:00Z", "yesterday"],
    ["2026-03-03T12:00:00Z", "in 2 days"],
    ["2024-03-01T12:00:00Z", "2 yr. ago"],
  ])("%s is %s", (iso, words) => {
    expect(timeAgo(iso, now)).toBe(words);
  });
});
