import { expect, test } from "vitest";
import { bucketsOf, nameOf, share } from "./buckets";

test("the series stand side by side in every bucket", () => {
  const buckets = bucketsOf({
    from: "2026-11-23T15:00:00Z",
    resolution: "hour",
    series: [
      { key: "off", evaluations: 7, points: [3, 4] },
      { key: "on", evaluations: 2, points: [2, 0] },
    ],
  });
  expect(buckets).toEqual([
    {
      from: new Date("2026-11-23T15:00:00Z"),
      to: new Date("2026-11-23T16:00:00Z"),
      total: 5,
      counts: [3, 2],
    },
    {
      from: new Date("2026-11-23T16:00:00Z"),
      to: new Date("2026-11-23T17:00:00Z"),
      total: 4,
      counts: [4, 0],
    },
  ]);
  expect(bucketsOf({ from: "2026-11-23T15:00:00Z", resolution: "day", series: [] })).toEqual([]);
});

test("a day is named by the clock that it was counted by", () => {
  const from = new Date("2026-11-23T00:00:00Z");
  expect(nameOf({ from, to: from, total: 0, counts: [] }, "day")).toBe("Mon, Nov 23 (UTC)");
});

test("a share never looks like nothing where there is something", () => {
  expect(share(0, 10)).toBe("0%");
  expect(share(1, 1_000)).toBe("< 1%");
  expect(share(1, 3)).toBe("33%");
  expect(share(1, 1)).toBe("100%");
});
