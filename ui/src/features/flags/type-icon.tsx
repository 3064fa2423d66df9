import { Braces, Hash, ToggleRight, Type } from "lucide-react";
import type { FlagType } from "@/api/types";
import { messages } from "./messages";

const ICONS = { boolean: ToggleRight, string: Type, number: Hash, object: Braces };

export function TypeIcon({ type }: { type: FlagType }) {
  const Icon = ICONS[type];
  return (
    <span
      title={messages.types[type]}
      className="grid size-7 shrink-0 place-items-center rounded-md bg-raised text-muted"
    >
      <Icon className="size-4" aria-hidden />
      <span className="sr-only">{messages.ofType(messages.types[type])}</span>
    </span>
  );
}
