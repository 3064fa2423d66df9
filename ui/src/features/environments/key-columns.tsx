import type { EnvironmentScope } from "@/api/projects";
import type { KeyKind, SdkKey } from "@/api/types";
import type { Column } from "@/components/table/column";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { isDead } from "./dead-key";
import { KeyMenu } from "./key-menu";

const TONES = { active: "good", expiring: "boo", expired: "plain", revoked: "plain" } as const;

/** The columns of an environment's keys of one kind; only client keys have origins. */
export function keyColumns(scope: EnvironmentScope, kind: KeyKind): Column<SdkKey>[] {
  const origins: Column<SdkKey> = {
    id: "origins",
    header: "Origins",
    width: 180,
    cell: (item) => (
      <span className="text-xs text-muted">
        {item.origins.length > 0 ? item.origins.join(", ") : "Any origin"}
      </span>
    ),
  };
  return [
    {
      id: "name",
      header: "Name",
      width: 260,
      phoneWidth: 190,
      pinned: true,
      cell: (item) => (
        <span className="flex min-w-0 flex-wrap items-center gap-x-2">
          <span className="font-medium [overflow-wrap:anywhere]">{item.name}</span>
          <code className="font-mono text-[11.5px] text-faint [overflow-wrap:anywhere]">
            {item.key ?? `${item.prefix}…`}
          </code>
          {item.key && (
            <CopyButton text={item.key} label={`Copy client key ${item.name}`} className="size-6" />
          )}
        </span>
      ),
    },
    {
      id: "status",
      header: "Status",
      width: 96,
      cell: (item) => <Badge tone={TONES[item.status]}>{item.status}</Badge>,
    },
    ...(kind === "client" ? [origins] : []),
    {
      id: "used",
      header: "Last used",
      width: 120,
      cell: (item) => <Moment at={item.lastUsedAt} otherwise="never used" />,
    },
    {
      id: "created",
      header: "Created",
      width: 120,
      hideBelow: 700,
      cell: (item) => <Moment at={item.createdAt} otherwise="" />,
    },
    {
      id: "ends",
      header: "Ends",
      width: 120,
      cell: (item) => <Moment at={item.revokedAt ?? item.expiresAt} otherwise="never" />,
    },
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      width: 56,
      align: "end",
      cell: (item) => !isDead(item) && <KeyMenu scope={scope} item={item} />,
    },
  ];
}

function Moment({ at, otherwise }: { at: string | null; otherwise: string }) {
  return <span className="whitespace-nowrap text-xs text-muted">{at ? <Time at={at} /> : otherwise}</span>;
}
