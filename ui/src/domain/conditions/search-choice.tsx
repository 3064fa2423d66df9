import { Command } from "cmdk";
import { ChevronsUpDown } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import type { Reason } from "@/components/ui/reason";
import { cn } from "@/lib/cn";
import { messages } from "./messages";

export interface SearchChoiceProps {
  /** What is chosen: "flag" or "segment". */
  noun: "flag" | "segment";
  value: string;
  onChange: (key: string) => void;
  invalid: boolean;
  disabledReason: Reason;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  search: string;
  onSearch: (search: string) => void;
  choices: readonly { key: string; name: string }[];
  looking: boolean;
}

/** Chooses one of many by a few letters of its name; the hub does the looking. */
export function SearchChoice(props: SearchChoiceProps) {
  const { noun, value, onChange, invalid, disabledReason, open, onOpenChange } = props;
  const text = messages.choice[noun];
  const pick = (key: string) => {
    onChange(key);
    onOpenChange(false);
  };
  return (
    <Popover
      label={text.choose}
      open={open}
      onOpenChange={(next) => onOpenChange(next && !disabledReason)}
      className="p-0"
      trigger={
        <Button
          aria-label={value ? text.chosen(value) : text.choose}
          disabledReason={disabledReason}
          className={cn("max-w-56 justify-between font-mono text-xs font-normal", invalid && "border-danger")}
          onClick={() => onOpenChange(true)}
        >
          <span className={cn("truncate", !value && "font-sans text-faint")}>{value || text.choose}</span>
          <ChevronsUpDown className="size-3.5! text-faint" aria-hidden />
        </Button>
      }
    >
      <Command shouldFilter={false} label={text.list}>
        <Command.Input
          value={props.search}
          onValueChange={props.onSearch}
          placeholder={text.search}
          className="h-9 w-full border-b bg-transparent px-3 text-sm outline-none"
        />
        <Command.List className="max-h-60 overflow-y-auto p-1">
          <Command.Empty className="px-3 py-4 text-center text-xs text-muted">
            {props.looking ? messages.searching : text.none}
          </Command.Empty>
          {props.choices.map((choice) => (
            <Command.Item
              key={choice.key}
              value={choice.key}
              onSelect={() => pick(choice.key)}
              className="cursor-pointer rounded-md px-2 py-1.5 data-[selected=true]:bg-raised"
            >
              <span className="block truncate text-sm">{choice.name || choice.key}</span>
              <span className="block truncate font-mono text-xs text-muted">{choice.key}</span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Popover>
  );
}

/** What a choice remembers: whether it is open, and what has been typed into it. */
export function useSearchChoice() {
  const [open, onOpenChange] = useState(false);
  const [search, onSearch] = useState("");
  return { open, onOpenChange, search, onSearch };
}
