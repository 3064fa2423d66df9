import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { FlagChange, FlagScope } from "@/api/flags";
import { updateFlag } from "@/api/flags";
import { Problem, reasonOf } from "@/api/problem";
import { flagQuery, keys } from "@/api/queries";
import type { Flag } from "@/api/types";
import { flagId, markOwn } from "@/features/live/flashes";

export type GuardedChange = FlagChange & {
  /** The version that the change was made against; without one the change goes through whatever there is. */
  version?: number;
};

/** Changes a flag's definition. Whoever passes their own `onError` to `mutate` still gets the toast. */
export function useFlagChange(scope: FlagScope) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, ...change }: GuardedChange) => {
      markOwn(flagId(scope.project, scope.flag));
      return updateFlag(scope, change, { version });
    },
    onSuccess: (flag) => {
      client.setQueryData(flagQuery(scope).queryKey, flag);
      void client.invalidateQueries({ queryKey: keys.flags(scope) });
      void client.invalidateQueries({ queryKey: keys.flag(scope) });
      void client.invalidateQueries({ queryKey: keys.audit(scope.org) });
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 412 && error.current) {
        client.setQueryData(flagQuery(scope).queryKey, error.current as Flag);
      }
      toast.error("Not changed", { description: reasonOf(error) });
    },
  });
}
