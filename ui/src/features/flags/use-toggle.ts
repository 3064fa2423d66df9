import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { TargetingScope } from "@/api/flags";
import { toggleFlag } from "@/api/flags";
import { holdEnabled, holdTargeting } from "@/api/held";
import { asProblem, reasonOf } from "@/api/problem";
import { keys } from "@/api/queries";
import { expectEcho } from "@/domain/live/echoes";
import { targetingId } from "@/domain/live/ids";
import { messages } from "./messages";

export interface Toggle extends TargetingScope {
  enabled: boolean;
  comment?: string | undefined;
}

/** Turns a flag on or off in an environment: at once on the page, and back with the reason if it is refused. */
export function useToggle(org: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ enabled, comment, ...scope }: Toggle) => toggleFlag(scope, enabled, { comment }),
    meta: { invalidates: [keys.audit(org)] },
    onMutate: async (toggle) => {
      const forgetEcho = expectEcho(targetingId(toggle.project, toggle.flag, toggle.environment));
      holdEnabled(client, toggle, toggle.enabled);
      // What is just being read may be older than the change, so it is read once more after it.
      const reading = client
        .getQueryCache()
        .findAll({ queryKey: keys.project(toggle), fetchStatus: "fetching" })
        .map((query) => query.queryKey);
      await Promise.all(reading.map((queryKey) => client.cancelQueries({ queryKey, exact: true })));
      holdEnabled(client, toggle, toggle.enabled);
      return { forgetEcho, reading };
    },
    onSuccess: (targeting, toggle) => holdTargeting(client, toggle, targeting),
    onError: (error, toggle, started) => {
      started?.forgetEcho();
      holdEnabled(client, toggle, !toggle.enabled);
      // What the hub refuses, it knows better: the flag may be gone.
      if (asProblem(error).status >= 400) {
        void client.invalidateQueries({ queryKey: keys.flags(toggle) });
        void client.invalidateQueries({ queryKey: keys.flag(toggle) });
      }
      const failed = toggle.enabled ? messages.toggle.onFailed : messages.toggle.offFailed;
      toast.error(failed(toggle), { description: reasonOf(error) });
    },
    onSettled: (_targeting, _error, _toggle, started) => {
      for (const queryKey of started?.reading ?? []) void client.invalidateQueries({ queryKey, exact: true });
    },
  });
}
