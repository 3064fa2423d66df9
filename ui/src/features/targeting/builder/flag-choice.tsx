import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { ChevronsUpDown } from "lucide-react";
import { useState } from "react";
import { flagChoicesQuery } from "@/api/queries";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import { cn } from "@/lib/cn";
import { useEditor } from "./editor-context";

export interface FlagChoiceProps {
  value: string;
  onChange: (flag: string) => void;
  invalid?: boolean;
}

/** Chooses another flag of the project; searches on the hub, so that it does with thousands. */
export function FlagChoice({ value, onChange, invalid }: FlagChoiceProps) {
  const { org, project, self, disabledReason } = useEditor();
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const flags = useQuery({
    ...flagChoicesQuery({ org, project }, search.trim() || undefined),
    enabled: open,
    placeholderData: keepPreviousData,
  });
  const choose = (flag: string) => {
    onChange(flag);
    setOpen(false);
  };
  return (
    <Popover
      label="Choose a flag"
      open={open}
      onOpenChange={(next) => setOpen(next && !disabledReason)}
      className="p-0"
      trigger={
        <Button
          aria-label={value ? `Flag: ${value}` : "Choose a flag"}
          disabledReason={disabledReason}
          className={cn("max-w-56 justify-between font-mono text-xs font-normal", invalid && "border-danger")}
          onClick={() => setOpen(true)}
        >
          <span className={cn("truncate", !value && "font-sans text-faint")}>{value || "Choose a flag"}</span>
          <ChevronsUpDown className="size-3.5! text-faint" aria-hidden />
        </Button>
      }
    >
      <Command shouldFilter={false} label="Flags">
        <Command.Input
          value={search}
          onValueChange={setSearch}
          placeholder="Search flags"
          className="h-9 w-full border-b bg-transparent px-3 text-sm outline-none"
        />
        <Command.List className="max-h-60 overflow-y-auto p-1">
          <Command.Empty className="px-3 py-4 text-center text-xs text-muted">
            {flags.isFetching ? "Looking…" : "No flag matches."}
          </Command.Empty>
          {flags.data?.items
            .filter((flag) => flag.key !== self.flag)
            .map((flag) => (
              <Command.Item
                key={flag.key}
                value={flag.key}
                onSelect={() => choose(flag.key)}
                className="cursor-pointer rounded-md px-2 py-1.5 data-[selected=true]:bg-raised"
              >
                <span className="block truncate text-sm">{flag.name || flag.key}</span>
                <span className="block truncate font-mono text-xs text-muted">{flag.key}</span>
              </Command.Item>
            ))}
        </Command.List>
      </Command>
    </Popover>
  );
}
