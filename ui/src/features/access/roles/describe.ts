import type { CustomRole } from "@/api/types";
import { messages } from "./messages";

/** What a role is for; the hub's own are described by the dashboard. */
export function describe({ id, builtIn, description }: CustomRole): string {
  return builtIn ? (messages.descriptions[id as keyof typeof messages.descriptions] ?? "") : description;
}
