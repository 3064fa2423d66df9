import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { flagQuery } from "@/api/queries";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheckItem } from "@/components/ui/menu";
import { VariationName } from "@/components/variation-name";
import { listed } from "@/domain/targeting/wording";
import { cn } from "@/lib/cn";
import { useEditor, useProblemAt } from "./editor-context";
import { FlagChoice } from "./flag-choice";
import { messages } from "./messages";

export interface FlagVariationsProps {
  flag: string;
  variations: readonly string[];
  pointer: string;
  onChange: (value: { flag: string; variations: string[] }) => void;
}

/** Another flag and which of its variations will do: in conditions and in prerequisites. */
export function FlagVariations({ flag, variations, pointer, onChange }: FlagVariationsProps) {
  const { org, project, disabledReason } = useEditor();
  const badFlag = useProblemAt(`${pointer}/flag`);
  const badVariations = useProblemAt(`${pointer}/variations`);
  const other = useQuery({ ...flagQuery({ org, project, flag }), enabled: flag !== "" });
  const known = other.data?.variations ?? [];
  const toggle = (key: string, on: boolean) =>
    onChange({ flag, variations: on ? [...variations, key] : variations.filter((item) => item !== key) });
  const names = variations.map((key) => known.find((item) => item.key === key)?.name || key);
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
      <FlagChoice
        value={flag}
        invalid={Boolean(badFlag)}
        onChange={(next) => onChange({ flag: next, variations: [] })}
      />
      <span className="text-sm text-muted">{messages.serves}</span>
      <Menu
        trigger={
          <Button
            aria-label={messages.variations(listed(names))}
            disabledReason={disabledReason || (flag === "" && messages.flagFirst)}
            className={cn("max-w-64 font-normal", badVariations && "border-danger")}
          >
            <span className={cn("truncate", variations.length === 0 && "text-faint")}>
              {variations.length === 0 ? messages.chooseVariations : listed(names)}
            </span>
            <ChevronDown className="size-3.5! text-faint" aria-hidden />
          </Button>
        }
      >
        {known.map((variation) => (
          <MenuCheckItem
            key={variation.key}
            checked={variations.includes(variation.key)}
            onCheckedChange={(on) => toggle(variation.key, on)}
            onSelect={(event) => event.preventDefault()}
          >
            <VariationName variations={known} variation={variation.key} />
          </MenuCheckItem>
        ))}
      </Menu>
    </div>
  );
}
