import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getSecondFactor, listSessions } from "./account";
import type { AuditFilter } from "./audit";
import { getAuditChain, listAudit } from "./audit";
import type { FlagFilter, FlagScope, TargetingScope } from "./flags";
import { getFlag, getTargeting, listFlagDependents, listFlags, listTags } from "./flags";
import { listInvitations } from "./invitations";
import { listOperatedOrganizations } from "./operator";
import { getOrganization, listMembers } from "./organizations";
import type { EnvironmentScope, ProjectScope } from "./projects";
import { getConnections, getProject, listKeys, listProjects } from "./projects";
import type { SegmentScope } from "./segments";
import { getSegment, listSegmentDependents, listSegments } from "./segments";
import { getSession, getSetup } from "./session";
import type { UsagePeriod, UsageScope } from "./usage";
import { getFlagUsage, getImpact, listCustomEvents } from "./usage";

/** How a list is read page by page. */
export const pages = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { nextCursor: string | null }) => page.nextCursor ?? undefined,
};

/** Every query's key. Whatever belongs to an organisation starts with it, so that one prefix refreshes it all. */
export const keys = {
  session: ["session"] as const,
  setup: ["setup"] as const,
  account: ["account"] as const,
  operated: ["operated"] as const,
  organization: (org: string) => ["org", org] as const,
  invitations: (org: string) => ["org", org, "invitations"] as const,
  projects: (org: string) => ["org", org, "projects"] as const,
  members: (org: string) => ["org", org, "members"] as const,
  access: (org: string) => ["org", org, "access"] as const,
  audit: (org: string) => ["org", org, "audit"] as const,
  project: ({ org, project }: ProjectScope) => ["org", org, "project", project] as const,
  flags: (scope: ProjectScope) => [...keys.project(scope), "flags"] as const,
  flag: (scope: FlagScope) => [...keys.project(scope), "flag", scope.flag] as const,
  targeting: (scope: TargetingScope) => [...keys.flag(scope), "targeting", scope.environment] as const,
  segments: (scope: ProjectScope) => [...keys.project(scope), "segments"] as const,
  segment: (scope: SegmentScope) => [...keys.project(scope), "segment", scope.segment] as const,
  environment: (scope: EnvironmentScope) =>
    [...keys.project(scope), "environment", scope.environment] as const,
  connections: (scope: EnvironmentScope) => [...keys.environment(scope), "connections"] as const,
};

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: getSession,
  staleTime: 5 * 60_000,
  retry: false,
});
export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: getSetup,
  staleTime: 0,
  retry: false,
});

export const sessionsQuery = queryOptions({
  queryKey: [...keys.account, "sessions"],
  queryFn: listSessions,
});
export const secondFactorQuery = queryOptions({
  queryKey: [...keys.account, "second-factor"],
  queryFn: getSecondFactor,
});

export const operatedOrganizationsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.operated, search],
    queryFn: ({ pageParam }) => listOperatedOrganizations(search || undefined, pageParam),
    ...pages,
  });

export const organizationQuery = (org: string) =>
  queryOptions({ queryKey: [...keys.organization(org), "self"], queryFn: () => getOrganization(org) });
export const membersQuery = (org: string, search = "") =>
  infiniteQueryOptions({
    queryKey: [...keys.members(org), search],
    queryFn: ({ pageParam }) => listMembers(org, search, pageParam),
    ...pages,
  });
export const invitationsQuery = (org: string) =>
  infiniteQueryOptions({
    queryKey: keys.invitations(org),
    queryFn: ({ pageParam }) => listInvitations(org, pageParam),
    ...pages,
  });
export const auditQuery = (org: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: [...keys.audit(org), filter],
    queryFn: ({ pageParam }) => listAudit(org, filter, pageParam),
    ...pages,
  });
export const auditChainQuery = (org: string) =>
  queryOptions({ queryKey: [...keys.audit(org), "chain"], queryFn: () => getAuditChain(org) });

export const projectsQuery = (org: string) =>
  infiniteQueryOptions({
    queryKey: keys.projects(org),
    queryFn: ({ pageParam }) => listProjects(org, pageParam),
    ...pages,
  });
export const projectQuery = (scope: ProjectScope) =>
  queryOptions({ queryKey: [...keys.project(scope), "self"], queryFn: () => getProject(scope) });

export const flagsQuery = (scope: ProjectScope, filter: FlagFilter = {}) =>
  infiniteQueryOptions({
    queryKey: [...keys.flags(scope), filter],
    queryFn: ({ pageParam }) => listFlags(scope, filter, pageParam),
    ...pages,
  });
/** Enough flags to choose one from, narrowed by what has been typed. */
export const flagChoicesQuery = (scope: ProjectScope, search?: string) =>
  queryOptions({
    queryKey: [...keys.flags(scope), "choices", search ?? ""],
    queryFn: () => listFlags(scope, { search }, undefined, 100),
  });
/** Every tag of the project's flags. */
export const tagsQuery = (scope: ProjectScope) =>
  queryOptions({ queryKey: [...keys.flags(scope), "tags"], queryFn: () => listTags(scope) });
export const flagQuery = (scope: FlagScope) =>
  queryOptions({ queryKey: [...keys.flag(scope), "self"], queryFn: () => getFlag(scope) });
export const flagDependentsQuery = (scope: FlagScope) =>
  queryOptions({ queryKey: [...keys.flag(scope), "dependents"], queryFn: () => listFlagDependents(scope) });
export const targetingQuery = (scope: TargetingScope) =>
  queryOptions({ queryKey: keys.targeting(scope), queryFn: () => getTargeting(scope) });

export const segmentsQuery = (scope: ProjectScope, search?: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.segments(scope), search ?? ""],
    queryFn: ({ pageParam }) => listSegments(scope, search, pageParam),
    ...pages,
  });
/** Enough segments to choose one from, narrowed by what has been typed. */
export const segmentChoicesQuery = (scope: ProjectScope, search?: string) =>
  queryOptions({
    queryKey: [...keys.segments(scope), "choices", search ?? ""],
    queryFn: () => listSegments(scope, search),
  });
export const segmentQuery = (scope: SegmentScope) =>
  queryOptions({ queryKey: [...keys.segment(scope), "self"], queryFn: () => getSegment(scope) });
export const segmentDependentsQuery = (scope: SegmentScope) =>
  queryOptions({
    queryKey: [...keys.segment(scope), "dependents"],
    queryFn: () => listSegmentDependents(scope),
  });

export const sdkKeysQuery = (scope: EnvironmentScope) =>
  infiniteQueryOptions({
    queryKey: [...keys.environment(scope), "keys"],
    queryFn: ({ pageParam }) => listKeys(scope, pageParam),
    ...pages,
  });
export const connectionsQuery = (scope: EnvironmentScope) =>
  queryOptions({
    queryKey: keys.connections(scope),
    queryFn: () => getConnections(scope),
    refetchInterval: 15_000,
  });

/** Usage comes in batches: nothing tells of it, so it is looked for. */
const USAGE_EVERY_MS = 15_000;

export const flagUsageQuery = (
  scope: UsageScope,
  period: UsagePeriod,
  groupBy: "variation" | "reason" | "version",
) =>
  queryOptions({
    queryKey: [...keys.flag(scope), "usage", scope.environment, period, groupBy],
    queryFn: () => getFlagUsage(scope, period, groupBy),
    refetchInterval: USAGE_EVERY_MS,
  });
export const customEventsQuery = (scope: EnvironmentScope, period: UsagePeriod) =>
  queryOptions({
    queryKey: [...keys.environment(scope), "events", period],
    queryFn: () => listCustomEvents(scope, period),
    refetchInterval: USAGE_EVERY_MS,
  });
export const impactQuery = (scope: UsageScope, period: UsagePeriod, event: string) =>
  queryOptions({
    queryKey: [...keys.flag(scope), "impact", scope.environment, period, event],
    queryFn: () => getImpact(scope, period, event),
    refetchInterval: USAGE_EVERY_MS,
  });
