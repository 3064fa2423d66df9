import type { Permission } from "@/api/types";
import { messages as access } from "@/domain/access/messages";
import type { Affected, Holdings } from "./affected";
import { affectedBy } from "./affected";
import { messages } from "./messages";

export interface RoleEffectProps {
  role: string;
  added: readonly Permission[];
  removed: readonly Permission[];
  holdings: Holdings;
}

/** Names who gains and who loses what by a change of a role, before it is saved. */
export function RoleEffect({ role, added, removed, holdings }: RoleEffectProps) {
  const gains = affectedBy(role, added, holdings).flatMap((item) => sentences(item, "gain", "alreadyCan"));
  const losses = affectedBy(role, removed, holdings).flatMap((item) => sentences(item, "lose", "stillCan"));
  const all = [...gains, ...losses];
  const granted = holdings.grants.some((grant) => grant.role.id === role);
  if (all.length === 0) {
    return <p className="text-sm text-muted">{granted ? messages.unchangedEffect : messages.noEffect}</p>;
  }
  return (
    <ul className="max-h-64 space-y-1.5 overflow-y-auto text-sm">
      {all.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

function sentences(
  { permission, changing, keeping }: Affected,
  changes: "gain" | "lose",
  keeps: "alreadyCan" | "stillCan",
): string[] {
  const what = access.permissions[permission];
  return [
    ...(changing.length > 0 ? [messages[changes]({ who: changing, what })] : []),
    ...(keeping.length > 0 ? [messages[keeps]({ who: keeping, what })] : []),
  ];
}
