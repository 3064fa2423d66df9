import type { Operator } from "@/api/types";
import type { messages } from "./messages";

/** What an operator compares with. */
export type ValueKind = "any" | "text" | "regex" | "number" | "time" | "semver" | "cidr" | "none";

export interface OperatorInfo {
  kind: ValueKind;
  ignoresCase: boolean;
}

export const OPERATORS: Record<Operator, OperatorInfo> = {
  in: { kind: "any", ignoresCase: true },
  startsWith: { kind: "text", ignoresCase: true },
  endsWith: { kind: "text", ignoresCase: true },
  contains: { kind: "text", ignoresCase: true },
  matches: { kind: "regex", ignoresCase: true },
  lt: { kind: "number", ignoresCase: false },
  lte: { kind: "number", ignoresCase: false },
  gt: { kind: "number", ignoresCase: false },
  gte: { kind: "number", ignoresCase: false },
  before: { kind: "time", ignoresCase: false },
  after: { kind: "time", ignoresCase: false },
  semverEq: { kind: "semver", ignoresCase: false },
  semverLt: {
    kind: "semver",
    ignoresCase: false,
  },
  semverLte: {
    kind: "semver",
    ignoresCase: false,
  },
  semverGt: {
    kind: "semver",
    ignoresCase: false,
  },
  semverGte: {
    kind: "semver",
    ignoresCase: false,
  },
  inCidr: { kind: "cidr", ignoresCase: false },
  exists: { kind: "none", ignoresCase: false },
};

/** The operators as a menu shows them. */
export const OPERATOR_GROUPS: { name: keyof typeof messages.operatorGroups; operators: Operator[] }[] = [
  { name: "any", operators: ["in", "exists"] },
  { name: "text", operators: ["startsWith", "endsWith", "contains", "matches"] },
  { name: "number", operators: ["lt", "lte", "gt", "gte"] },
  { name: "time", operators: ["before", "after"] },
  { name: "version", operators: ["semverEq", "semverLt", "semverLte", "semverGt", "semverGte"] },
  { name: "network", operators: ["inCidr"] },
];
