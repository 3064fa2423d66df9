import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { createContext, useContext, useEffect, useState } from "react";
import { eventsUrl } from "@/api/organizations";
import { keys } from "@/api/queries";
import { checkSession } from "@/api/session";
import type { Connections, TenantEvent } from "@/api/types";
import type { FeedState } from "./feed";
import { followFeed } from "./feed";
import { flagId, flash, segmentId } from "./flashes";

const LiveContext = createContext<FeedState>("connecting");

export function useLiveState(): FeedState {
  return useContext(LiveContext);
}

function refresh(client: QueryClient, queryKey: readonly unknown[]): void {
  void client.invalidateQueries({ queryKey });
}

/** Brings what the page holds up to what an event says has changed. */
export function applyEvent(client: QueryClient, org: string, event: TenantEvent): void {
  switch (event.kind) {
    case "flags": {
      const scope = { org, project: event.project };
      for (const flag of event.flags) {
        flash(flagId(event.project, flag));
        refresh(client, keys.flag({ ...scope, flag }));
      }
      for (const segment of event.segments) {
        flash(segmentId(event.project, segment));
        refresh(client, keys.segment({ ...scope, segment }));
      }
      refresh(client, keys.flags(scope));
      if (event.segments.length > 0) refresh(client, keys.segments(scope));
      refresh(client, keys.audit(org));
      return;
    }
    // Opens each stream and follows where events were missed: anything may have changed, flags included.
    case "organization":
      refresh(client, keys.session);
      refresh(client, keys.organization(org));
      return;
    case "connections": {
      const { server, client: browsers } = event;
      client.setQueryData<Connections>(keys.connections({ org, ...event }), (held) =>
        held ? { ...held, server, client: browsers } : held,
      );
      refresh(client, keys.connections({ org, ...event }));
    }
  }
}

/** Follows the organisation's events for as long as one of its pages is open. */
export function LiveProvider({ org, children }: { org: string; children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<FeedState>("connecting");
  useEffect(
    () =>
      followFeed({
        url: eventsUrl(org),
        onEvent: (event) => applyEvent(client, org, event),
        onState: setState,
        onRefused: () => void checkSession(),
      }),
    [client, org],
  );
  return <LiveContext value={state}>{children}</LiveContext>;
}
