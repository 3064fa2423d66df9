import type { EnvironmentScope } from "@/api/projects";
import type { KeyKind, SdkKey } from "@/api/types";
import type { Column } from "@/components/table/column";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { isDead } from "./dead-key";
import { KeyMenu } from "./key-menu";
import { messages } from "./messages";

const TONES = { active: "good", expiring: "boo", expired: "plain", revoked: "plain" } as const;

/** The columns of an environment's keys of one kind; only client keys have origins. */
export function keyColumns(scope: EnvironmentScope, kind: KeyKind): Column<SdkKey>[] {
  const origins: Column<SdkKey> = {
    id: "origins",
    header: messages.key.origins,
    width: 180,
    cell: (item) => (
      <span className="text-xs text-muted">
        {item.origins.length > 0 ? item.origins.join(", ") : messages.key.anyOrigin}
      </span>
    ),
  };
  return [
    {
      id: "name",
      header: messages.key.name,
      width: 260,
      phoneWidth: 190,
      pinned: true,
      cell: (item) => (
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 sm:flex-nowrap">
          <span className="font-medium [overflow-wrap:anywhere] sm:shrink-0">{item.name}</span>
          <span className="flex w-full min-w-0 items-center gap-x-1 sm:w-auto">
            <code className="truncate font-mono text-[11.5px] text-faint">
              {item.key ?? `${item.prefix}…`}
            </code>
            {item.key && (
              <CopyButton text={item.key} label={messages.key.copy(item.name)} className="size-6" />
            )}
          </span>
        </span>
      ),
    },
    {
      id: "status",
      header: messages.key.status,
      width: 96,
      cell: (item) => <Badge tone={TONES[item.status]}>{messages.key.statuses[item.status]}</Badge>,
    },
    ...(kind === "client" ? [origins] : []),
    {
      id: "used",
      header: messages.key.lastUsed,
      width: 120,
      cell: (item) => <Moment at={item.lastUsedAt} otherwise={messages.key.never} />,
    },
    {
      id: "created",
      header: messages.key.created,
      width: 120,
      hideBelow: 700,
      cell: (item) => <Moment at={item.createdAt} otherwise="" />,
    },
    {
      id: "ends",
      header: messages.key.expires,
      width: 120,
      cell: (item) => <Moment at={item.revokedAt ?? item.expiresAt} otherwise={messages.key.never} />,
    },
    {
      id: "actions",
      header: <span className="sr-only">{messages.key.actions}</span>,
      width: 56,
      align: "end",
      cell: (item) => !isDead(item) && <KeyMenu scope={scope} item={item} />,
    },
  ];
}

function Moment({ at, otherwise }: { at: string | null; otherwise: string }) {
  return <span className="whitespace-nowrap text-xs text-muted">{at ? <Time at={at} /> : otherwise}</span>;
}
