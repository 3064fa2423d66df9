import { useMutation, useQuery } from "@tanstack/react-query";
import { toast } from "sonner";
import { revokeKey } from "@/api/projects";
import { connectionsQuery, keys } from "@/api/queries";
import { Confirm } from "@/components/confirm";
import type { KeyDialogProps } from "./edit-key-dialog";

/** Revokes a key, after saying how many connections that may close. */
export function RevokeKeyDialog({ scope, item, onClose }: KeyDialogProps) {
  const connections = useQuery({ ...connectionsQuery(scope), staleTime: 0 });
  const revoke = useMutation({
    mutationFn: () => revokeKey(scope, item.id),
    meta: { awaits: [keys.environment(scope)] },
    onSuccess: () => {
      toast.success(`${item.name} is revoked`);
      onClose();
    },
  });
  const count = connections.data?.[item.kind];
  return (
    <Confirm
      title={`Revoke ${item.name}?`}
      action="Revoke key"
      danger
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onCancel={onClose}
    >
      <p>
        {count === undefined && "Looking up what is connected…"}
        {count === 0 && `No application is connected with a ${item.kind} key.`}
        {count !== undefined && count > 0 && (
          <>
            <strong className="text-ink">
              {count === 1 ? "1 connection" : `${count.toLocaleString("en")} connections`}
            </strong>{" "}
            with a {item.kind} key {count === 1 ? "is" : "are"} open here; those that use this one close
            within a second.
          </>
        )}
      </p>
      <p className="mt-2">
        What uses it keeps its last values and gets no more changes. It cannot be undone.
      </p>
    </Confirm>
  );
}
