import { Braces, Hash, ToggleRight, Type } from "lucide-react";
import type { FlagType } from "@/api/types";

const ICONS = { boolean: ToggleRight, string: Type, number: Hash, object: Braces };
export const TYPE_NAMES: Record<FlagType, string> = {
  boolean: "Boolean",
  string: "String",
  number: "Number",
  object: "Object",
};

export function TypeIcon({ type }: { type: FlagType }) {
  const Icon = ICONS[type];
  return (
    <span
      title={TYPE_NAMES[type]}
      className="grid size-7 shrink-0 place-items-center rounded-md bg-raised text-muted"
    >
      <Icon className="size-4" aria-hidden />
      <span className="sr-only">{TYPE_NAMES[type]} flag</span>
    </span>
  );
}
