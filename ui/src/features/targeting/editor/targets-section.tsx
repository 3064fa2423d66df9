import { Plus, X } from "lucide-react";
import type { Target, Variation } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { VariationName } from "@/components/variation-name";
import { AttributeInput } from "@/domain/conditions/attribute-input";
import { useEditor } from "@/domain/conditions/editor-context";
import { ValueChips } from "@/domain/conditions/value-chips";
import { messages } from "../messages";

export interface TargetsSectionProps {
  targets: Target[];
  onChange: (targets: Target[]) => void;
}

/** Keys that always get a variation, whatever the rules say. */
export function TargetsSection({ targets, onChange }: TargetsSectionProps) {
  const { variations, disabledReason } = useEditor();
  const add = (variation: Variation) =>
    onChange([...targets, { variation: variation.key, attribute: "targetingKey", values: [] }]);
  return (
    <div className="space-y-2">
      <ul className="space-y-2" aria-label={messages.targets.title}>
        {targets.map((target, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: several lists may serve the same variation
            key={index}
            className="flex flex-wrap items-start gap-2"
          >
            <VariationName
              variations={variations}
              variation={target.variation}
              className="w-36 shrink-0 pt-1.5 font-medium"
            />
            <AttributeInput
              label={messages.targets.attribute(index + 1)}
              value={target.attribute ?? "targetingKey"}
              onChange={(attribute) => onChange(replace(targets, index, { ...target, attribute }))}
            />
            <ValueChips
              label={messages.targets.keys(
                variations.find((item) => item.key === target.variation)?.name || target.variation,
              )}
              kind="any"
              placeholder={messages.targets.placeholder}
              values={target.values}
              onChange={(values) => onChange(replace(targets, index, { ...target, values }))}
            />
            {!disabledReason && (
              <Button
                look="ghost"
                size="icon"
                aria-label={messages.targets.remove(index + 1)}
                onClick={() => onChange(targets.filter((_, place) => place !== index))}
              >
                <X />
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Menu
        trigger={
          <Button size="sm" look="ghost" disabledReason={disabledReason}>
            <Plus aria-hidden /> {messages.targets.add}
          </Button>
        }
      >
        {variations.map((variation) => (
          <MenuItem key={variation.key} onSelect={() => add(variation)}>
            <VariationName variations={variations} variation={variation.key} />
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}

function replace(targets: Target[], index: number, target: Target): Target[] {
  return targets.map((item, place) => (place === index ? target : item));
}
