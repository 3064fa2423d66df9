import type { Grant, Project } from "@/api/types";
import { placeText } from "@/domain/access/place-name";
import { roleName } from "@/domain/access/role-name";
import { messages } from "./messages";

/** What somebody was granted, in one line. */
export function grantSummary(grants: readonly Grant[], projects: readonly Project[]): string {
  const [first] = grants;
  if (!first) return messages.summary.none;
  const what = { role: roleName(first.role), where: placeText(first.scope, projects) };
  return grants.length === 1
    ? messages.summary.one(what)
    : messages.summary.more({ ...what, count: grants.length - 1 });
}
