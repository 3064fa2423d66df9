import { SecretList } from "@/components/secret-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { messages } from "./messages";

/** Shows a new server key, this once. */
export function SecretDialog({
  name,
  secret,
  onClose,
}: {
  name: string;
  secret: string;
  onClose: () => void;
}) {
  return (
    <Dialog open sticky onOpenChange={onClose} title={messages.key.secretTitle(name)}>
      <SecretList secrets={[{ label: messages.key.secretLabel, secret }]} />
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {messages.key.secretDone}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
