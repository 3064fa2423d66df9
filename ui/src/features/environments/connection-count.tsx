import { useQuery } from "@tanstack/react-query";
import type { EnvironmentScope } from "@/api/projects";
import { connectionsQuery } from "@/api/queries";
import { messages } from "./messages";

/** How many applications are connected just now. */
export function ConnectionCount({ scope }: { scope: EnvironmentScope }) {
  const { data } = useQuery(connectionsQuery(scope));
  if (!data) return <>{messages.connections.loading}</>;
  const count = data.server + data.client;
  if (count === 0) return <>{messages.connections.none}</>;
  return <>{messages.connections.count({ all: count, server: data.server, client: data.client })}</>;
}
