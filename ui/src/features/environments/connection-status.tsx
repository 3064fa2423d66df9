import { Check } from "lucide-react";
import type { Connections } from "@/api/types";
import { Mark } from "@/components/mark";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/lib/cn";
import { messages } from "./messages";

export interface ConnectionStatusProps {
  connections: Connections | undefined;
  environment: string;
}

/** Waits for the first application, and says so the moment it is there. */
export function ConnectionStatus({ connections, environment }: ConnectionStatusProps) {
  const count = connections ? connections.server + connections.client : 0;
  const connected = count > 0;
  return (
    <div
      className={cn(
        "flex flex-wrap items-center gap-3 rounded-lg border px-4 py-3 transition-colors duration-500",
        connected ? "border-on bg-good-soft text-good" : "bg-panel text-muted",
      )}
    >
      {connected ? (
        <span className="grid size-6 animate-in place-items-center rounded-full bg-on text-white">
          <Check className="size-4" strokeWidth={3} aria-hidden />
        </span>
      ) : (
        <Mark className="h-5 animate-pulse-soft" />
      )}
      <p role="status" className="text-sm font-medium">
        {connected ? messages.connections.connected({ count, environment }) : messages.connections.waiting}
      </p>
      <span className="ml-auto flex flex-wrap gap-1.5">
        {connections?.sdks.map((sdk) => (
          <Badge key={sdk.name} tone="good">
            {messages.connections.sdk(sdk)}
          </Badge>
        ))}
      </span>
    </div>
  );
}
