import { useMutation, useQuery } from "@tanstack/react-query";
import { toast } from "sonner";
import { formError } from "@/api/problem";
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
      description="Applications that use it keep their last values and get no more changes. This can’t be undone."
      action="Revoke key"
      danger
      busy={revoke.isPending}
      refused={formError(revoke.error, [])}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p className="text-sm text-muted">
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
    </Confirm>
  );
}
