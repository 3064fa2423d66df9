import { useInfiniteQuery } from "@tanstack/react-query";
import type { LinkProps } from "@tanstack/react-router";
import { useParams } from "@tanstack/react-router";
import { rolesQuery, serviceAccountsQuery, teamsQuery } from "@/api/access-queries";
import { membersQuery } from "@/api/queries";
import { itemsOf } from "@/components/every-page";
import { roleName } from "@/domain/access/role-name";
import { paths } from "@/paths";
import { messages } from "../messages";

export interface AccessCrumb {
  list: string;
  to: LinkProps["to"];
  /** What the page is about; nothing while it is not known, or does not exist. */
  item: string | undefined;
}

/**
 * Where a member, a team, a role or a service account belongs. Their names are in the lists that their pages have read: nothing is
 * asked for here, and someone who may not see them gets no names.
 */
export function useAccessCrumb(org: string): AccessCrumb | null {
  const { team, role, account, member } = useParams({ strict: false });
  const teams = useInfiniteQuery({ ...teamsQuery(org), enabled: false });
  const roles = useInfiniteQuery({ ...rolesQuery(org), enabled: false });
  const members = useInfiniteQuery({ ...membersQuery(org), enabled: false });
  const accounts = useInfiniteQuery({ ...serviceAccountsQuery(org), enabled: false });
  if (member !== undefined) {
    const found = itemsOf(members.data).find(({ user }) => user.id === member);
    return { list: messages.pages.members, to: paths.members, item: found?.user.name };
  }
  if (team !== undefined) {
    const found = itemsOf(teams.data).find(({ id }) => id === team);
    return { list: messages.pages.teams, to: paths.teams, item: found?.name };
  }
  if (role !== undefined) {
    const found = itemsOf(roles.data).find(({ id }) => id === role);
    return { list: messages.pages.roles, to: paths.roles, item: found && roleName(found) };
  }
  if (account !== undefined) {
    const found = itemsOf(accounts.data).find(({ id }) => id === account);
    return { list: messages.pages.serviceAccounts, to: paths.serviceAccounts, item: found?.name };
  }
  return null;
}
