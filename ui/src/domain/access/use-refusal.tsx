import type { QueryClient } from "@tanstack/react-query";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { accessQuery } from "@/api/access-queries";
import { projectQuery, sessionQuery } from "@/api/queries";
import type { OwnAccess, Permission, Role } from "@/api/types";
import type { Reason } from "@/components/ui/reason";
import { GiverNames } from "./giver-names";
import type { Place } from "./holds";
import { holds } from "./holds";
import { messages } from "./messages";
import { PERMISSIONS, roleHas } from "./permissions";
import { askWhy } from "./question";

/** Says for any permission and place why the person may not; nothing where they may. */
export type Refuse = (permission: Permission | readonly Permission[], place?: Place) => Reason;

/** The signed-in person's role in the whole organization of the page; null where they have none. */
export function useRole(): Role | null | undefined {
  const { org } = useParams({ strict: false });
  const session = useQuery(sessionQuery);
  return session.data?.organizations.find((item) => item.key === org)?.role;
}

/** What the signed-in person may do in the page's organization, with the reasons for what they may not. */
export function useAccess(): Refuse {
  const { org = "" } = useParams({ strict: false });
  const client = useQueryClient();
  const role = useRole();
  // An owner may do everything, which the session says already.
  const access = useQuery({ ...accessQuery(org), enabled: org !== "" && role !== "owner" });
  const { data, isPending } = access;
  return (needed, place = {}) => {
    const lacking = [needed].flat().find((permission) => !isHeld(data, role, permission, place));
    if (!lacking) return undefined;
    if (isPending && role !== "owner") return messages.checking;
    const question = { org, permission: lacking, ...place };
    return {
      text: need(client, org, lacking, place),
      givers: <GiverNames {...question} />,
      explain: () => askWhy(question),
    };
  };
}

/**
 * Why the person may not do this, for `disabledReason`; nothing when they may.
 *
 * A project means all of its environments: archiving a flag, which every environment serves, needs `targeting.update` there.
 */
export function useRefusal(needed: Permission | readonly Permission[], place: Place = {}): Reason {
  return useAccess()(needed, place);
}

function isHeld(
  access: OwnAccess | undefined,
  role: Role | null | undefined,
  permission: Permission,
  place: Place,
): boolean {
  if (role && roleHas(role, permission)) return true;
  return access !== undefined && holds(access.grants, permission, place);
}

/** What the person needs, with the place by its name. */
function need(client: QueryClient, org: string, permission: Permission, place: Place): string {
  const what = messages.permissions[permission];
  const { project: key, environment } = place;
  if (key === undefined) return messages.neededInOrganization(what);
  const project = client.getQueryData(projectQuery({ org, project: key }).queryKey);
  if (environment !== undefined) {
    const found = project?.environments.find((item) => item.key === environment);
    return messages.needed({ what, where: found?.name ?? environment });
  }
  const where = project?.name ?? key;
  const everywhere = PERMISSIONS[permission].on === "environment";
  return everywhere ? messages.neededEverywhere({ what, where }) : messages.needed({ what, where });
}
