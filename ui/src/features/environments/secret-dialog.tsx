import { SecretList } from "@/components/secret-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";

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
    <Dialog open sticky onOpenChange={onClose} title={`${name} is ready`}>
      <SecretList secrets={[{ label: "Server key", secret }]} />
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          I’ve saved it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
