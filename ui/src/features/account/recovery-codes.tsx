import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { messages } from "./messages";

/** Codes that are shown this once: the hub keeps only their hashes. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <Dialog
      open
      sticky
      onOpenChange={onClose}
      title={messages.factor.codesTitle}
      description={messages.factor.codesLead}
      className="max-w-md"
    >
      <div className="flex items-start gap-2 rounded-md border bg-sunken py-2 pr-2 pl-3">
        <ul className="grid flex-1 grid-cols-2 gap-x-4 gap-y-1 font-mono text-sm">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <CopyButton text={codes.join("\n")} label={messages.factor.copyCodes} />
      </div>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          {messages.factor.saved}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
