import { useQuery } from "@tanstack/react-query";
import type { PermissionQuestion } from "@/api/access";
import { explanationQuery } from "@/api/access-queries";
import { messages } from "./messages";
import { PERMISSIONS } from "./permissions";

/** Of more people than this, only some are named. */
const MOST_NAMED = 3;

/** Who can give a permission to the person: by role until their names are known. */
export function GiverNames(question: PermissionQuestion) {
  const { data } = useQuery({ ...explanationQuery(question), staleTime: 60_000 });
  const names = data?.givers.map(({ name }) => name) ?? [];
  const { least } = PERMISSIONS[question.permission];
  if (names.length > MOST_NAMED) return messages.manyGivers({ names: names.slice(0, MOST_NAMED) });
  return names.length > 0 ? messages.namedGivers(names) : messages.givers[least];
}
