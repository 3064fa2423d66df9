import type { FlagScope } from "./flags";
import { answer, api } from "./http";
import type { EnvironmentScope } from "./projects";

export interface UsageScope extends FlagScope, EnvironmentScope {}

export interface UsagePeriod {
  /** In milliseconds, up to now. */
  length: number;
  resolution: "hour" | "day";
}

const USAGE = "/api/v1/organizations/{org}/projects/{project}/environments/{environment}/usage";
const FLAG_USAGE = `${USAGE}/flags/{flag}` as const;

const since = (length: number) => new Date(Date.now() - length).toISOString();

export const getFlagUsage = (
  path: UsageScope,
  { length, resolution }: UsagePeriod,
  groupBy: "variation" | "reason" | "version",
) => answer(api.GET(FLAG_USAGE, { params: { path, query: { from: since(length), resolution, groupBy } } }));
export const getImpact = (path: UsageScope, { length }: UsagePeriod, event: string) =>
  answer(api.GET(`${FLAG_USAGE}/impact`, { params: { path, query: { from: since(length), event } } }));
/** The hundred first by name, which are enough to choose one from. */
export const listCustomEvents = (path: EnvironmentScope, { length }: UsagePeriod) =>
  answer(api.GET(`${USAGE}/events`, { params: { path, query: { from: since(length), limit: 100 } } }));
