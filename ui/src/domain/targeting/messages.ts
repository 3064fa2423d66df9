import type { Operator } from "@/api/types";
import { catalog } from "@/lib/language/catalog";
import { number, plural } from "@/lib/language/format";

/** Each reads after an attribute: "country is one of SE". */
const operators: Record<Operator, { words: string; negated: string }> = {
  in: { words: "is one of", negated: "is not one of" },
  startsWith: { words: "starts with", negated: "does not start with" },
  endsWith: { words: "ends with", negated: "does not end with" },
  contains: { words: "contains", negated: "does not contain" },
  matches: { words: "matches", negated: "does not match" },
  lt: { words: "is less than", negated: "is not less than" },
  lte: { words: "is at most", negated: "is not at most" },
  gt: { words: "is greater than", negated: "is not greater than" },
  gte: { words: "is at least", negated: "is not at least" },
  before: { words: "is before", negated: "is not before" },
  after: { words: "is after", negated: "is not after" },
  semverEq: { words: "is version", negated: "is not version" },
  semverLt: { words: "is below version", negated: "is not below version" },
  semverLte: { words: "is at most version", negated: "is not at most version" },
  semverGt: { words: "is above version", negated: "is not above version" },
  semverGte: { words: "is at least version", negated: "is not at least version" },
  inCidr: { words: "is in the network", negated: "is not in the network" },
  exists: { words: "is set", negated: "is not set" },
};

export const messages = catalog("targeting", {
  operators,
  operatorGroups: {
    any: "Any type",
    text: "Text",
    number: "Number",
    time: "Time",
    version: "Version",
    network: "Network",
  },
  conditions: {
    everyone: "everyone",
    noOne: "no one",
    and: "and",
    or: "or",
    not: (condition: string) => `not ${condition}`,
    group: (conditions: string) => `(${conditions})`,
    inSegment: (segment: string) => `in segment ${segment}`,
    flagServes: ({ flag, variations }: { flag: string; variations: string }) =>
      `${flag} serves ${variations}`,
    share: ({ share, by }: { share: string; by: string }) => `${share} by ${by}`,
    shareBetween: ({ share, by, from, to }: { share: string; by: string; from: string; to: string }) =>
      `${share} by ${by} (from ${from} to ${to})`,
    ignoringCase: "(ignoring case)",
    nothing: "nothing",
    more: (count: number) => `${number(count)} more`,
  },
  served: {
    share: ({ share, variation }: { share: string; variation: string }) => `${share} ${variation}`,
    split: ({ shares, by }: { shares: string; by: string }) => `${shares} by ${by}`,
    nothing: "nothing",
  },
  outcomes: {
    everyone: "Everyone",
    everyoneElse: "Everyone else",
    keys: (count: number) => plural(count, { one: "# key", other: "# keys" }),
    without: ({ flag, variations }: { flag: string; variations: string }) =>
      `If ${flag} doesn’t serve ${variations}`,
  },
  changes: {
    turnedOn: "Turned on",
    turnedOff: "Turned off",
    everyoneElse: "Everyone else now gets",
    off: "When off, now serves",
    prerequisiteRemoved: (flag: string) => `No longer requires ${flag}`,
    prerequisiteChanged: (flag: string) => `Requires ${flag} to serve`,
    prerequisiteAdded: ({ flag, variations }: { flag: string; variations: string }) =>
      `Now requires ${flag} to serve ${variations}`,
    targetsOf: ({ variation, attribute }: { variation: string; attribute: string }) =>
      `${variation} (by ${attribute})`,
    targetsAdded: ({ variation, values }: { variation: string; values: string }) =>
      `Added targets for ${variation}: ${values}`,
    targetsRemoved: ({ variation, values }: { variation: string; values: string }) =>
      `Removed targets for ${variation}: ${values}`,
    targetsReordered: "Reordered the target lists",
    rule: ({ condition, serve }: { condition: string; serve: string }) => `${condition}: ${serve}`,
    ruleRemoved: ({ place, id, rule }: { place: number; id: string; rule: string }) =>
      `Removed rule ${place} (${id}): ${rule}`,
    ruleAdded: ({ place, id, rule }: { place: number; id: string; rule: string }) =>
      `Added rule ${place} (${id}): ${rule}`,
    ruleMoved: (id: string) => `Moved rule ${id}`,
    ruleRenamed: (place: number) => `Renamed rule ${place}`,
    ruleCondition: ({ place, id }: { place: number; id: string }) => `Rule ${place} (${id}) now applies to`,
    ruleServe: ({ place, id }: { place: number; id: string }) => `Rule ${place} (${id}) now serves`,
  },
  /** What two people changed at once. */
  clashes: {
    offVariation: "the off variation",
    everyoneElse: "what everyone else gets",
    prerequisite: (flag: string) => `prerequisite ${flag}`,
    targets: ({ variation, attribute }: { variation: string; attribute: string }) =>
      `the targets of ${variation} by ${attribute}`,
    rule: (id: string) => `rule ${id}`,
    ruleCondition: ({ rule, condition }: { rule: string; condition: string }) =>
      `rule ${rule} (${condition})`,
    ruleOrder: "the order of the rules",
  },
  problems: {
    ruleUnnamed: "Enter a name for this rule.",
    ruleNameTaken: "Another rule already has this name. Choose a different one.",
    flagMissing: "Choose a flag.",
    variationsMissing: "Choose at least one variation.",
    segmentMissing: "Choose a segment.",
    shares: ({ sum, whole }: { sum: string; whole: string }) =>
      `The shares add up to ${sum}. They must add up to ${whole}.`,
    range: "The range must start before it ends.",
    attributeMissing: "Enter an attribute.",
    valuesMissing: "Add at least one value.",
    notNumber: (text: string) => `“${text}” is not a number.`,
    notTime: (text: string) => `“${text}” is not a time. Use a format such as 2026-01-31T12:00:00Z.`,
    notVersion: (text: string) => `“${text}” is not a version. Use a format such as 2.1.0.`,
    notNetwork: (text: string) =>
      `“${text}” is not a network. Use CIDR notation, such as 10.0.0.0/8 or 2001:db8::/32.`,
    notRegex: "This is not a valid regular expression.",
  },
});
