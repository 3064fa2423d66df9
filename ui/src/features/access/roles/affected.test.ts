import { expect, it } from "vitest";
import type { CustomRole, Grant, Member } from "@/api/types";
import { affectedBy } from "./affected";

const shop = { project: "shop", environment: "production" };
const grant = (role: string, kind: string, id: string, scope: Grant["scope"]) =>
  ({ role: { id: role }, holder: { kind, id, name: id }, scope }) as unknown as Grant;
const member = (id: string, ...teams: string[]) =>
  ({ user: { id, name: id }, teams: teams.map((team) => ({ id: team })) }) as unknown as Member;
const roles = [
  { id: "editor", permissions: ["flag.toggle", "key.read"] },
  { id: "release", permissions: ["flag.toggle"] },
] as unknown as CustomRole[];
const members = [member("maja", "checkout"), member("tomas", "checkout"), member("noor")];

it("names the members of teams who gain a permission, and who has it already", () => {
  const grants = [
    grant("release", "team", "checkout", shop),
    grant("editor", "member", "tomas", { project: "shop" }),
  ];
  expect(affectedBy("release", ["key.read"], { grants, members, roles })).toEqual([
    { permission: "key.read", changing: ["maja"], keeping: ["tomas"] },
  ]);
});

it("does not count a grant somewhere else", () => {
  const grants = [
    grant("release", "member", "noor", shop),
    grant("editor", "member", "noor", { project: "shop", environment: "staging" }),
  ];
  expect(affectedBy("release", ["key.read"], { grants, members, roles })[0]?.changing).toEqual(["noor"]);
});

it("leaves out what a role cannot give where it is granted", () => {
  const grants = [grant("release", "serviceAccount", "ci", shop)];
  const holdings = { grants, members, roles };
  expect(affectedBy("release", ["project.create"], holdings)[0]?.changing).toEqual([]);
  expect(affectedBy("release", ["key.read"], holdings)[0]?.changing).toEqual(["ci"]);
});
