import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { reasonOf } from "@/api/problem";
import type { ProjectScope } from "@/api/projects";
import { updateEnvironment } from "@/api/projects";
import { keys, projectQuery } from "@/api/queries";
import type { Environment } from "@/api/types";
import { messages } from "./messages";

/** Puts a project's environments into another order: at once on the page, and back with the reason if it is refused. */
export function useEnvironmentOrder(scope: ProjectScope) {
  const client = useQueryClient();
  const { queryKey } = projectQuery(scope);
  return useMutation({
    // One order after the other: each says only what differs from the one before it.
    scope: { id: queryKey.join("/") },
    mutationFn: async (ordered: readonly Environment[]) => {
      for (const [position, environment] of ordered.entries()) {
        if (environment.position === position) continue;
        const path = { ...scope, environment: environment.key };
        await updateEnvironment(path, { position }, {});
      }
    },
    meta: { invalidates: [keys.organization(scope.org)] },
    onMutate: (ordered) => {
      const before = client.getQueryData(queryKey);
      const environments = ordered.map((environment, position) => ({ ...environment, position }));
      if (before) client.setQueryData(queryKey, { ...before, environments });
      return before;
    },
    onError: (error, _ordered, before) => {
      client.setQueryData(queryKey, before);
      void client.invalidateQueries({ queryKey });
      toast.error(messages.orderNotSaved, { description: reasonOf(error) });
    },
  });
}
