import { MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import type { Reason } from "@/components/ui/reason";

export interface DetailsMenuProps {
  words: { more: string; edit: string; delete: string };
  /** Why it cannot be edited, or deleted. */
  editRefusal?: Reason;
  deleteRefusal?: Reason;
  onEdit: () => void;
  onDelete: () => void;
}

/** What can be done with the team, role or service account that is shown. */
export function DetailsMenu({ words, editRefusal, deleteRefusal, onEdit, onDelete }: DetailsMenuProps) {
  return (
    <Menu
      align="end"
      className="w-56"
      trigger={
        <Button size="icon" aria-label={words.more}>
          <MoreHorizontal />
        </Button>
      }
    >
      <MenuItem disabledReason={editRefusal} onSelect={onEdit}>
        <Pencil aria-hidden /> {words.edit}
      </MenuItem>
      <MenuSeparator />
      <MenuItem danger disabledReason={deleteRefusal} onSelect={onDelete}>
        <Trash2 aria-hidden /> {words.delete}
      </MenuItem>
    </Menu>
  );
}
