import type { LinkProps } from "@tanstack/react-router";
import { useAccess } from "@/domain/access/use-refusal";
import { paths } from "@/paths";
import { messages } from "./messages";

export interface Creation {
  /** The id of the command that its page offers. */
  id: string;
  name: string;
  page: Pick<LinkProps, "to" | "params" | "search">;
}

/** What the person may create, each with the page that has the form for it. */
export function useCreations(org: string, project: string): Creation[] {
  const refuse = useAccess();
  const inProject = project !== "";
  const scope = { org, project };
  const place = { project };
  const creations: (Creation & { allowed: boolean })[] = [
    {
      id: "create-flag",
      name: messages.create.flag,
      page: { to: paths.flags, params: scope, search: {} },
      allowed: inProject && !refuse("flag.create", place),
    },
    {
      id: "create-segment",
      name: messages.create.segment,
      page: { to: paths.segments, params: scope },
      allowed: inProject && !refuse("segment.update", place),
    },
    {
      id: "create-environment",
      name: messages.create.environment,
      page: { to: paths.environments, params: scope },
      allowed: inProject && !refuse("environment.create", place),
    },
    {
      id: "create-project",
      name: messages.create.project,
      page: { to: paths.organization, params: { org } },
      allowed: !refuse("project.create"),
    },
    {
      id: "create-service-account",
      name: messages.create.serviceAccount,
      page: { to: paths.serviceAccounts, params: { org } },
      allowed: !refuse("serviceAccount.manage"),
    },
    {
      id: "create-team",
      name: messages.create.team,
      page: { to: paths.teams, params: { org } },
      allowed: !refuse("team.manage"),
    },
    {
      id: "create-role",
      name: messages.create.role,
      page: { to: paths.roles, params: { org } },
      allowed: !refuse("role.manage"),
    },
  ];
  return creations.filter(({ allowed }) => allowed);
}
