import { Plus, X } from "lucide-react";
import type { Prerequisite } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useEditor, useProblemAt } from "@/domain/conditions/editor-context";
import { FlagVariations } from "@/domain/conditions/flag-variations";
import { Unfinished } from "@/domain/conditions/unfinished";
import { useItemIds } from "@/lib/item-ids";
import { messages } from "../messages";

export interface PrerequisitesSectionProps {
  prerequisites: Prerequisite[];
  onChange: (prerequisites: Prerequisite[]) => void;
}

export function PrerequisitesSection({ prerequisites, onChange }: PrerequisitesSectionProps) {
  const { disabledReason } = useEditor();
  const { ids } = useItemIds(prerequisites);
  return (
    <div className="space-y-2">
      <ul className="space-y-2" aria-label={messages.prerequisites.title}>
        {prerequisites.map((prerequisite, index) => (
          <li key={ids[index]}>
            <Unfinished blank={prerequisite.flag === ""}>
              <PrerequisiteRow
                prerequisite={prerequisite}
                index={index}
                onChange={(next) =>
                  onChange(prerequisites.map((item, place) => (place === index ? next : item)))
                }
                onRemove={() => onChange(prerequisites.filter((_, place) => place !== index))}
              />
            </Unfinished>
          </li>
        ))}
      </ul>
      <Button
        size="sm"
        look="ghost"
        disabledReason={disabledReason}
        onClick={() => onChange([...prerequisites, { flag: "", variations: [] }])}
      >
        <Plus aria-hidden /> {messages.prerequisites.add}
      </Button>
    </div>
  );
}

interface PrerequisiteRowProps {
  prerequisite: Prerequisite;
  index: number;
  onChange: (prerequisite: Prerequisite) => void;
  onRemove: () => void;
}

function PrerequisiteRow({ prerequisite, index, onChange, onRemove }: PrerequisiteRowProps) {
  const { disabledReason } = useEditor();
  const pointer = `/prerequisites/${index}`;
  const problem = useProblemAt(pointer);
  return (
    <>
      <div className="flex items-start gap-2">
        <FlagVariations
          flag={prerequisite.flag}
          variations={prerequisite.variations}
          pointer={pointer}
          onChange={onChange}
        />
        {!disabledReason && (
          <Button
            look="ghost"
            size="icon"
            aria-label={messages.prerequisites.remove(index + 1)}
            onClick={onRemove}
          >
            <X />
          </Button>
        )}
      </div>
      {problem && (
        <p role="alert" className="mt-1 text-xs text-danger">
          {problem}
        </p>
      )}
    </>
  );
}
