import { useMutation, useQuery } from "@tanstack/react-query";
import { toast } from "sonner";
import { formError } from "@/api/problem";
import { revokeKey } from "@/api/projects";
import { connectionsQuery, keys } from "@/api/queries";
import { Confirm } from "@/components/confirm";
import type { KeyDialogProps } from "./edit-key-dialog";
import { messages } from "./messages";

/** Revokes a key, after saying how many connections that may close. */
export function RevokeKeyDialog({ scope, item, onClose }: KeyDialogProps) {
  const connections = useQuery({ ...connectionsQuery(scope), staleTime: 0 });
  const revoke = useMutation({
    mutationFn: () => revokeKey(scope, item.id),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: () => {
      toast.success(messages.key.revoked(item.name));
      onClose();
    },
  });
  const count = connections.data?.[item.kind];
  return (
    <Confirm
      title={messages.key.revokeTitle(item.name)}
      description={messages.key.revokeHelp}
      action={messages.key.revokeSubmit}
      danger
      busy={revoke.isPending}
      refused={formError(revoke.error, [])}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p className="text-sm text-muted">
        {count === undefined && messages.key.revokeChecking}
        {count === 0 && messages.keys[item.kind].notConnected}
        {count !== undefined &&
          count > 0 &&
          messages.keys[item.kind].connected(
            <strong className="text-ink">{messages.key.connections(count)}</strong>,
          )}
      </p>
    </Confirm>
  );
}
