import { describe, expect, it } from "vitest";
import { Attempts } from "./attempts";

function attempts() {
  let made = 0;
  let now = 0;
  const newKey = () => {
    made += 1;
    return `key-${made}`;
  };
  return {
    tried: new Attempts(newKey, () => now),
    pass: (minutes: number) => {
      now += minutes * 60_000;
    },
  };
}

describe("Attempts", () => {
  it("sends again under the same key what was never answered", () => {
    const { tried } = attempts();
    expect(tried.keyOf("/flags", "a")).toBe("key-1");
    expect(tried.keyOf("/flags", "a")).toBe("key-1");
  });

  it("takes another body or place for another attempt", () => {
    const { tried } = attempts();
    expect(tried.keyOf("/flags", "a")).toBe("key-1");
    expect(tried.keyOf("/flags", "b")).toBe("key-2");
    expect(tried.keyOf("/segments", "a")).toBe("key-3");
  });

  it("begins anew once there is an answer, good or bad", () => {
    const { tried } = attempts();
    tried.answered(tried.keyOf("/flags", "a"), 201);
    expect(tried.keyOf("/flags", "a")).toBe("key-2");
    tried.answered("key-2", 422);
    expect(tried.keyOf("/flags", "a")).toBe("key-3");
  });

  it("goes on while the hub cannot say what became of it", () => {
    const { tried } = attempts();
    const key = tried.keyOf("/flags", "a");
    tried.answered(key, 503);
    expect(tried.keyOf("/flags", "a")).toBe(key);
  });

  it("forgets what was given up long ago", () => {
    const { tried, pass } = attempts();
    tried.keyOf("/flags", "a");
    pass(16);
    expect(tried.keyOf("/flags", "a")).toBe("key-2");
  });
});
