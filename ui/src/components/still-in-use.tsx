import type { DependentListProps } from "./dependent-list";
import { DependentList } from "./dependent-list";
import { messages } from "./messages";
import { Button } from "./ui/button";
import { Dialog, DialogActions } from "./ui/dialog";

export interface StillInUseProps extends DependentListProps {
  /** The name of what cannot be deleted yet. */
  name: string;
  /** What can be done about it. */
  advice: string;
  onClose: () => void;
}

/** Lists what must be changed before something can be deleted. */
export function StillInUse({ name, advice, onClose, ...list }: StillInUseProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={messages.stillInUse(name)}
      description={advice}
    >
      <DependentList {...list} />
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {messages.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
