import { MoreHorizontal } from "lucide-react";
import { useState } from "react";
import type { EnvironmentScope } from "@/api/projects";
import type { SdkKey } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { placeOf } from "@/domain/access/holds";
import { useRefusal } from "@/domain/access/use-refusal";
import { EditKeyDialog } from "./edit-key-dialog";
import { messages } from "./messages";
import { RevokeKeyDialog } from "./revoke-key-dialog";
import { RotateKeyDialog } from "./rotate-key-dialog";

/** What can be done with a key that works. */
export function KeyMenu({ scope, item }: { scope: EnvironmentScope; item: SdkKey }) {
  const refusal = useRefusal("key.manage", placeOf(scope));
  const [dialog, setDialog] = useState<"edit" | "rotate" | "revoke" | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Menu
        align="end"
        className="w-48"
        trigger={
          <Button look="ghost" size="icon" aria-label={messages.key.more(item.name)}>
            <MoreHorizontal />
          </Button>
        }
      >
        <MenuItem disabledReason={refusal} onSelect={() => setDialog("edit")}>
          {item.kind === "client" ? messages.key.edit : messages.key.rename}
        </MenuItem>
        <MenuItem disabledReason={refusal} onSelect={() => setDialog("rotate")}>
          {messages.key.rotate}
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger disabledReason={refusal} onSelect={() => setDialog("revoke")}>
          {messages.key.revoke}
        </MenuItem>
      </Menu>
      {dialog === "edit" && <EditKeyDialog scope={scope} item={item} onClose={close} />}
      {dialog === "rotate" && <RotateKeyDialog scope={scope} item={item} onClose={close} />}
      {dialog === "revoke" && <RevokeKeyDialog scope={scope} item={item} onClose={close} />}
    </>
  );
}
