import { MoreHorizontal } from "lucide-react";
import { useState } from "react";
import type { EnvironmentScope } from "@/api/projects";
import type { SdkKey } from "@/api/types";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { useRefusal } from "@/domain/access";
import { cn } from "@/lib/cn";
import { EditKeyDialog } from "./edit-key-dialog";
import { RevokeKeyDialog } from "./revoke-key-dialog";
import { RotateKeyDialog } from "./rotate-key-dialog";

const TONES = { active: "good", expiring: "boo", expired: "plain", revoked: "plain" } as const;

export function KeyRow({ scope, item }: { scope: EnvironmentScope; item: SdkKey }) {
  const refusal = useRefusal("admin");
  const [dialog, setDialog] = useState<"edit" | "rotate" | "revoke" | null>(null);
  const dead = item.status === "revoked" || item.status === "expired";
  const close = () => setDialog(null);
  return (
    <li className={cn("flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3", dead && "opacity-70")}>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="truncate font-medium">{item.name}</span>
          <Badge tone={TONES[item.status]}>{item.status}</Badge>
        </p>
        <p className="mt-0.5 flex min-w-0 items-center text-xs text-muted">
          <code className="truncate font-mono">{item.key ?? `${item.prefix}…`}</code>
          {item.key && (
            <CopyButton text={item.key} label={`Copy client key ${item.name}`} className="size-6" />
          )}
        </p>
        <p className="text-xs text-faint">
          <KeyDates item={item} />
          {item.kind === "client" && (
            <>
              {" · "}
              {item.origins.length > 0 ? `from ${item.origins.join(", ")}` : "from any origin"}
            </>
          )}
        </p>
      </div>
      {!dead && (
        <Menu
          align="end"
          className="w-48"
          trigger={
            <Button look="ghost" size="icon" aria-label={`More about ${item.name}`}>
              <MoreHorizontal />
            </Button>
          }
        >
          <MenuItem disabledReason={refusal} onSelect={() => setDialog("edit")}>
            {item.kind === "client" ? "Edit name and origins" : "Rename"}
          </MenuItem>
          <MenuItem disabledReason={refusal} onSelect={() => setDialog("rotate")}>
            Rotate…
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger disabledReason={refusal} onSelect={() => setDialog("revoke")}>
            Revoke…
          </MenuItem>
        </Menu>
      )}
      {dialog === "edit" && <EditKeyDialog scope={scope} item={item} onClose={close} />}
      {dialog === "rotate" && <RotateKeyDialog scope={scope} item={item} onClose={close} />}
      {dialog === "revoke" && <RevokeKeyDialog scope={scope} item={item} onClose={close} />}
    </li>
  );
}

function KeyDates({ item }: { item: SdkKey }) {
  if (item.revokedAt) {
    return (
      <>
        revoked <Time at={item.revokedAt} />
      </>
    );
  }
  return (
    <>
      created <Time at={item.createdAt} />
      {item.lastUsedAt ? (
        <>
          {" · used "}
          <Time at={item.lastUsedAt} />
        </>
      ) : (
        " · never used"
      )}
      {item.expiresAt && (
        <>
          {" · stops working "}
          <Time at={item.expiresAt} />
        </>
      )}
    </>
  );
}
