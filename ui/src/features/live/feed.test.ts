import { describe, expect, it } from "vitest";
import { retryDelay } from "./feed";

describe("retryDelay", () => {
  it("grows to twenty seconds and no further", () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 20].map((attempt) => retryDelay(attempt, () => 1));
    expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
  });

  it("is spread over the whole range, but never at once", () => {
    expect(retryDelay(5, () => 0.5)).toBe(8000);
    expect(retryDelay(5, () => 0)).toBe(150);
  });
});
