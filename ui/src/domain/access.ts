import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { sessionQuery } from "@/api/queries";
import type { Role } from "@/api/types";
import { messages } from "./messages";

const RANK: Record<Role, number> = { viewer: 0, editor: 1, admin: 2, owner: 3 };

/** Why somebody of this role may not do what the other role is needed for, or nothing. */
export function refusal(role: Role | null | undefined, needed: Role): string | undefined {
  if (role && RANK[role] >= RANK[needed]) return undefined;
  if (role === null) return messages.noRole({ needed: messages.needs[needed] });
  if (!role) return messages.notMember;
  return messages.refused({ needed: messages.needs[needed], role: messages.asRole[role] });
}

/** The signed-in person's role in the whole organization of the page; null where they have none. */
export function useRole(): Role | null | undefined {
  const { org } = useParams({ strict: false });
  const session = useQuery(sessionQuery);
  return session.data?.organizations.find((item) => item.key === org)?.role;
}

/** Why the person may not do this here, for `disabledReason`; nothing when they may. */
export function useRefusal(needed: Role): string | undefined {
  return refusal(useRole(), needed);
}
