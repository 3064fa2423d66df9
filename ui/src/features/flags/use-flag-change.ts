import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { FlagChange, FlagScope } from "@/api/flags";
import { updateFlag } from "@/api/flags";
import { holdFlag } from "@/api/held";
import { Problem, reasonOf } from "@/api/problem";
import { flagQuery, keys, tagsQuery } from "@/api/queries";
import type { Flag } from "@/api/types";
import { flagId } from "@/domain/live/ids";
import { stateChanges } from "@/domain/review/entry-changes";
import type { Change } from "@/domain/targeting/changes";
import { markOwn } from "@/lib/flashes";
import { messages } from "./messages";

export type GuardedChange = FlagChange & {
  /** The version that the change was made against; without one the change goes through whatever there is. */
  version?: number;
  /** For the history. */
  comment?: string | undefined;
};

/** What a change would do to a flag, in words. */
export function flagChanges(flag: Flag, { archived, version, comment, ...change }: GuardedChange): Change[] {
  const archivedAt = archived === undefined ? flag.archivedAt : archived ? (flag.archivedAt ?? "now") : null;
  return stateChanges(flag, { ...flag, ...change, archivedAt });
}

/** Changes a flag's definition. Whoever passes their own `onError` to `mutate` still gets the toast. */
export function useFlagChange(scope: FlagScope) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, comment, ...change }: GuardedChange) => {
      markOwn(flagId(scope.project, scope.flag));
      return updateFlag(scope, change, { version, comment });
    },
    meta: { invalidates: [tagsQuery(scope).queryKey, keys.audit(scope.org)] },
    onSuccess: (flag) => holdFlag(client, scope, flag),
    onError: (error) => {
      if (error instanceof Problem && error.status === 412 && error.current) {
        client.setQueryData(flagQuery(scope).queryKey, error.current as Flag);
      }
      toast.error(messages.saveFailed, { description: reasonOf(error) });
    },
  });
}
