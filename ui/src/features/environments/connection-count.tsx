import { useQuery } from "@tanstack/react-query";
import type { EnvironmentScope } from "@/api/projects";
import { connectionsQuery } from "@/api/queries";

/** How many applications are connected just now. */
export function ConnectionCount({ scope }: { scope: EnvironmentScope }) {
  const { data } = useQuery(connectionsQuery(scope));
  if (!data) return <>Its keys, and what is connected with them.</>;
  const count = data.server + data.client;
  if (count === 0) return <>No applications connected.</>;
  return (
    <>
      {count.toLocaleString("en")} connected: {data.server.toLocaleString("en")} with a server key,{" "}
      {data.client.toLocaleString("en")} with a client key.
    </>
  );
}
