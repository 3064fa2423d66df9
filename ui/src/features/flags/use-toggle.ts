import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { TargetingScope } from "@/api/flags";
import { toggleFlag } from "@/api/flags";
import { reasonOf } from "@/api/problem";
import { flagQuery, keys, targetingQuery } from "@/api/queries";
import type { Flag, Page, Targeting } from "@/api/types";
import { flagId, markOwn } from "@/domain/live/flashes";

export interface Toggle extends TargetingScope {
  enabled: boolean;
  comment?: string | undefined;
}

function withState(flag: Flag, environment: string, enabled: boolean): Flag {
  const state = flag.environments[environment];
  if (!state) return flag;
  return { ...flag, environments: { ...flag.environments, [environment]: { ...state, enabled } } };
}

/** Shows the flag as on or off wherever it is held, before the hub has answered. */
export function showToggled(client: QueryClient, { enabled, ...scope }: Toggle): void {
  const { environment } = scope;
  client.setQueriesData<InfiniteData<Page<Flag>>>({ queryKey: keys.flags(scope) }, (held) =>
    held && "pages" in held
      ? {
          ...held,
          pages: held.pages.map((page) => ({
            ...page,
            items: page.items.map((flag) =>
              flag.key === scope.flag ? withState(flag, environment, enabled) : flag,
            ),
          })),
        }
      : held,
  );
  client.setQueryData(flagQuery(scope).queryKey, (held: Flag | undefined) =>
    held ? withState(held, environment, enabled) : held,
  );
  client.setQueryData(targetingQuery(scope).queryKey, (held: Targeting | undefined) =>
    held ? { ...held, enabled } : held,
  );
}

/** Turns a flag on or off in an environment: at once on the page, and back with the reason if it is refused. */
export function useToggle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ enabled, comment, ...scope }: Toggle) => toggleFlag(scope, enabled, { comment }),
    onMutate: async (toggle) => {
      markOwn(flagId(toggle.project, toggle.flag));
      showToggled(client, toggle);
      await client.cancelQueries({ queryKey: keys.flags(toggle) });
      await client.cancelQueries({ queryKey: keys.flag(toggle) });
      showToggled(client, toggle);
    },
    onSuccess: (targeting, toggle) => {
      client.setQueryData(targetingQuery(toggle).queryKey, targeting);
    },
    onError: (error, toggle) => {
      showToggled(client, { ...toggle, enabled: !toggle.enabled });
      toast.error(`${toggle.flag} stays ${toggle.enabled ? "off" : "on"} in ${toggle.environment}`, {
        description: reasonOf(error),
      });
    },
    onSettled: (_data, _error, toggle) => {
      void client.invalidateQueries({ queryKey: keys.flags(toggle) });
      void client.invalidateQueries({ queryKey: keys.flag(toggle) });
    },
  });
}
