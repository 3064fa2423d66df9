import { expect, it } from "vitest";
import type { Project } from "@/api/types";
import { columnsOf } from "./matrix-columns";

const project = (...keys: string[]) =>
  ({
    environments: keys.map((key, position) => ({ key, position, production: key.startsWith("prod") })),
  }) as unknown as Project;

it("gives a column to production and to the environments that most projects have, in their order", () => {
  const projects = [
    project("development", "qa", "staging", "uat", "production"),
    project("development", "staging", "production"),
  ];
  expect(columnsOf(projects).map(({ key }) => key)).toEqual(["development", "staging", "production"]);
});

it("has no columns without projects", () => {
  expect(columnsOf([])).toEqual([]);
});
