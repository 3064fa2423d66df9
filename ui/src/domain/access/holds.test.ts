import { expect, it } from "vitest";
import type { OwnAccess } from "@/api/types";
import { holds } from "./holds";

const grant = (scope: { project?: string; environment?: string }, ...permissions: string[]) =>
  ({ scope, permissions }) as unknown as OwnAccess["grants"][number];
const production = { project: "shop", environment: "production" };
const development = { project: "shop", environment: "development" };

it("lets an editor of development change development only", () => {
  const grants = [
    grant({ project: "shop" }, "flag.read"),
    grant(development, "flag.toggle", "targeting.update"),
  ];
  expect(holds(grants, "flag.toggle", development)).toBe(true);
  expect(holds(grants, "flag.toggle", production)).toBe(false);
  expect(holds(grants, "targeting.update", { project: "shop" })).toBe(false);
  expect(holds(grants, "flag.read", production)).toBe(true);
});

it("holds what is granted on the organization everywhere, and on a project in all of its environments", () => {
  expect(holds([grant({}, "key.manage")], "key.manage", production)).toBe(true);
  expect(holds([grant({ project: "shop" }, "key.manage")], "key.manage", production)).toBe(true);
  expect(holds([grant({ project: "app" }, "key.manage")], "key.manage", production)).toBe(false);
  expect(holds([grant({ project: "shop" }, "key.manage")], "key.manage", {})).toBe(false);
});
