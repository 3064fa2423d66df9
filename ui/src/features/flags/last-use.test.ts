import { expect, it } from "vitest";
import type { Environment, Flag } from "@/api/types";
import { lastUse } from "./last-use";

const environments = ["staging", "production"].map((key) => ({ key, name: key }) as Environment);

function flag(times: Record<string, string | null>): Flag {
  const states = Object.entries(times).map(([key, lastEvaluatedAt]) => [key, { lastEvaluatedAt }]);
  return { environments: Object.fromEntries(states) } as Flag;
}

it("finds the environment in which an application used the flag last", () => {
  const used = flag({ staging: "2026-11-01T00:00:00Z", production: "2026-11-02T00:00:00Z" });
  expect(lastUse(used, environments)).toMatchObject({
    environment: { key: "production" },
    at: "2026-11-02T00:00:00Z",
  });
});

it("finds none where no application did", () => {
  expect(lastUse(flag({ staging: null }), environments)).toBeUndefined();
});
