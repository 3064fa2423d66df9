import type { Operator } from "@/api/types";

/** What an operator compares with. */
export type ValueKind = "any" | "text" | "regex" | "number" | "time" | "semver" | "cidr" | "none";

export interface OperatorInfo {
  /** Reads after the attribute: "country is one of SE". */
  words: string;
  negated: string;
  kind: ValueKind;
  ignoresCase: boolean;
}

export const OPERATORS: Record<Operator, OperatorInfo> = {
  in: { words: "is one of", negated: "is not one of", kind: "any", ignoresCase: true },
  startsWith: { words: "starts with", negated: "does not start with", kind: "text", ignoresCase: true },
  endsWith: { words: "ends with", negated: "does not end with", kind: "text", ignoresCase: true },
  contains: { words: "contains", negated: "does not contain", kind: "text", ignoresCase: true },
  matches: { words: "matches", negated: "does not match", kind: "regex", ignoresCase: true },
  lt: { words: "is less than", negated: "is not less than", kind: "number", ignoresCase: false },
  lte: { words: "is at most", negated: "is not at most", kind: "number", ignoresCase: false },
  gt: { words: "is greater than", negated: "is not greater than", kind: "number", ignoresCase: false },
  gte: { words: "is at least", negated: "is not at least", kind: "number", ignoresCase: false },
  before: { words: "is before", negated: "is not before", kind: "time", ignoresCase: false },
  after: { words: "is after", negated: "is not after", kind: "time", ignoresCase: false },
  semverEq: { words: "is version", negated: "is not version", kind: "semver", ignoresCase: false },
  semverLt: {
    words: "is below version",
    negated: "is not below version",
    kind: "semver",
    ignoresCase: false,
  },
  semverLte: {
    words: "is at most version",
    negated: "is not at most version",
    kind: "semver",
    ignoresCase: false,
  },
  semverGt: {
    words: "is above version",
    negated: "is not above version",
    kind: "semver",
    ignoresCase: false,
  },
  semverGte: {
    words: "is at least version",
    negated: "is not at least version",
    kind: "semver",
    ignoresCase: false,
  },
  inCidr: { words: "is in the network", negated: "is not in the network", kind: "cidr", ignoresCase: false },
  exists: { words: "is there", negated: "is not there", kind: "none", ignoresCase: false },
};

/** The operators as a menu shows them. */
export const OPERATOR_GROUPS: { label: string; operators: Operator[] }[] = [
  { label: "Anything", operators: ["in", "exists"] },
  { label: "Text", operators: ["startsWith", "endsWith", "contains", "matches"] },
  { label: "Number", operators: ["lt", "lte", "gt", "gte"] },
  { label: "Time", operators: ["before", "after"] },
  { label: "Version", operators: ["semverEq", "semverLt", "semverLte", "semverGt", "semverGte"] },
  { label: "Network", operators: ["inCidr"] },
];
