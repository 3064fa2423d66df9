import type { ReactNode } from "react";
import { catalog } from "@/lib/language/catalog";
import { number, plural } from "@/lib/language/format";
import { rich } from "@/lib/language/rich";

const reasons: Record<string, string> = {
  STATIC: "Same for everyone",
  DEFAULT: "No rule matched",
  TARGETING_MATCH: "A rule or target matched",
  SPLIT: "Percentage split",
  DISABLED: "Flag is off",
  PREREQUISITE_FAILED: "Prerequisite not met",
  ERROR: "Error",
  UNKNOWN: "Other",
};

const evaluations = (count: number) => plural(count, { one: "# evaluation", other: "# evaluations" });

export const messages = catalog("usage", {
  loading: "Loading usage",
  range: "Time range",
  last: (range: string) => `Last ${range}`,
  groupBy: "Group by",
  by: { variation: "By variation", reason: "By reason", version: "By flag version" },
  lastEvaluated: (time: ReactNode) => rich`Last evaluated ${time}`,
  neverEvaluated: "Never evaluated",
  none: (range: string) => `No evaluations in the last ${range}`,
  noneHelp: (environment: string) =>
    `Applications report usage about every 10 seconds. None has reported this flag in ${environment}.`,
  connect: "Connect an application",
  chart: {
    variation: (environment: string) => `Evaluations in ${environment}, by variation`,
    reason: (environment: string) => `Evaluations in ${environment}, by reason`,
    version: (environment: string) => `Evaluations in ${environment}, by flag version`,
  },
  evaluationsIn: ({ count, range }: { count: number; range: string }) =>
    plural(count, { one: `evaluation in the last ${range}`, other: `evaluations in the last ${range}` }),
  evaluations,
  noEvaluations: "no evaluations",
  /** A bar in words: "7 evaluations (all on)", "7 evaluations (on 4, off 3)". */
  allOf: ({ count, series }: { count: number; series: string }) => `${evaluations(count)} (all ${series})`,
  ofWhich: ({ count, parts }: { count: number; parts: string }) => `${evaluations(count)} (${parts})`,
  part: ({ series, count }: { series: string; count: number }) => `${series} ${number(count)}`,
  bar: ({ time, evaluations }: { time: string; evaluations: string }) => `${time}: ${evaluations}`,
  markers: (count: number) =>
    plural(count, {
      one: "The dashed line marks a change to the flag or its targeting.",
      other: "Dashed lines mark changes to the flag or its targeting.",
    }),
  asChart: "Show as chart",
  asTable: "Show as table",
  legend: "Legend",
  time: "Time",
  total: "Total",
  utc: (day: string) => `${day} (UTC)`,
  lessThan: (share: string) => `< ${share}`,
  variations: "Variations",
  reasonsTitle: "Reasons",
  versions: "Flag versions",
  version: (version: string) => `version ${version}`,
  unknownVersion: "unknown version",
  reasons,
  impact: {
    title: "Impact",
    description:
      "How many people triggered this event after first seeing each variation. Counts whole days in UTC.",
    loading: "Loading impact",
    event: "Event",
    untracked: "This flag does not record exposures. Edit it and turn on “Record exposures” to see impact.",
    noEvents: (code: ReactNode) => rich`No events in this period. Applications report them with ${code}.`,
    noExposures: "No one with a targeting key saw this flag for the first time in this period.",
    table: (event: string) => `Impact on ${event}`,
    variation: "Variation",
    exposed: "People",
    converted: "Converted",
    rate: "Conversion rate",
    events: "Events",
    value: "Total value",
  },
});
