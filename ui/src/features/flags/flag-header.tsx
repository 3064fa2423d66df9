import { useSuspenseQuery } from "@tanstack/react-query";
import { Archive, ArchiveRestore, MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import type { FlagChange } from "@/api/flags";
import { projectQuery } from "@/api/queries";
import type { Flag } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { CopyButton } from "@/components/ui/copy-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { useAccess } from "@/domain/access/use-refusal";
import { flagId } from "@/domain/live/ids";
import { useCommands } from "@/domain/palette/commands";
import { useProductions } from "@/domain/use-productions";
import { copyText } from "@/lib/clipboard";
import { cn } from "@/lib/cn";
import { useFlash } from "@/lib/flashes";
import { usePageTitle } from "@/lib/page-title";
import { ArchiveFlagDialog } from "./archive-flag-dialog";
import { DeleteFlagDialog } from "./delete-flag-dialog";
import { EditFlagDialog } from "./edit-flag-dialog";
import { messages } from "./messages";
import { ReviewFlag } from "./review-flag";
import { TypeIcon } from "./type-icon";
import { useFlagChange } from "./use-flag-change";

export function FlagHeader({ org, project, flag }: { org: string; project: string; flag: Flag }) {
  const [dialog, setDialog] = useState<"edit" | "archive" | "restore" | "delete" | null>(null);
  const refuse = useAccess();
  const refusals = {
    edit: refuse("flag.update", { project }),
    serve: refuse(["flag.update", "targeting.update"], { project }),
    remove: refuse(["flag.delete", "targeting.update"], { project }),
  };
  const change = useFlagChange({ org, project, flag: flag.key });
  const { data: details } = useSuspenseQuery(projectQuery({ org, project }));
  const productions = useProductions({ org, project });
  const [asked, setAsked] = useState<FlagChange | null>(null);
  const ask = (wanted: FlagChange) => (productions.length > 0 ? setAsked(wanted) : change.mutate(wanted));
  const flashing = useFlash(flagId(project, flag.key));
  const name = flag.name || flag.key;
  usePageTitle(name);
  const archived = flag.archivedAt !== null;
  useCommands([
    {
      id: "edit-flag",
      name: messages.menu.editNamed(name),
      run: () => setDialog("edit"),
      disabledReason: refusals.edit,
    },
    {
      id: "archive-flag",
      name: archived ? messages.menu.restoreNamed(name) : messages.menu.archiveNamed(name),
      run: () => setDialog(archived ? "restore" : "archive"),
      disabledReason: refusals.remove,
    },
    {
      id: "delete-flag",
      name: messages.menu.deleteNamed(name),
      run: () => setDialog("delete"),
      disabledReason: refusals.remove,
    },
    { id: "copy-flag-key", name: messages.copyKey, run: () => void copyText(flag.key) },
  ]);
  return (
    <header className={cn("-mx-3 mb-4 rounded-lg px-3 py-1", flashing && "animate-flash")}>
      <div className="flex items-start gap-3">
        <TypeIcon type={flag.type} />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h1 className="min-w-0 truncate text-xl font-semibold tracking-[-0.02em] focus:outline-none">
              {name}
            </h1>
            <span className="flex min-w-0 items-center text-xs text-muted">
              <code className="truncate font-mono">{flag.key}</code>
              <CopyButton text={flag.key} label={messages.copyKey} />
            </span>
            {archived && <Badge tone="boo">{messages.archived}</Badge>}
            {flag.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </div>
          {flag.description && <p className="mt-0.5 max-w-3xl text-sm text-muted">{flag.description}</p>}
        </div>
        <div className="flex items-center gap-2">
          <Checkbox
            className="hidden sm:flex"
            checked={flag.clientVisible}
            hint={messages.clientVisibleHelp}
            disabledReason={refusals.serve || (archived && messages.toggle.archived)}
            onCheckedChange={(clientVisible) => ask({ clientVisible })}
            label={messages.clientVisible}
          />
          <Menu
            align="end"
            className="w-56"
            trigger={
              <Button size="icon" aria-label={messages.menu.label}>
                <MoreHorizontal />
              </Button>
            }
          >
            <MenuItem disabledReason={refusals.edit} onSelect={() => setDialog("edit")}>
              <Pencil aria-hidden /> {messages.menu.edit}
            </MenuItem>
            <MenuItem
              disabledReason={refusals.remove}
              onSelect={() => setDialog(archived ? "restore" : "archive")}
            >
              {archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
              {archived ? messages.menu.restore : messages.menu.archive}
            </MenuItem>
            <MenuSeparator />
            <MenuItem danger disabledReason={refusals.remove} onSelect={() => setDialog("delete")}>
              <Trash2 aria-hidden /> {messages.menu.delete}
            </MenuItem>
          </Menu>
        </div>
      </div>
      {asked && (
        <ReviewFlag
          flag={flag}
          asked={asked}
          productions={productions}
          change={change}
          onClose={() => setAsked(null)}
        />
      )}
      {dialog === "edit" && (
        <EditFlagDialog org={org} project={project} flag={flag} onClose={() => setDialog(null)} />
      )}
      {(dialog === "archive" || dialog === "restore") && (
        <ArchiveFlagDialog
          flag={flag}
          environments={details.environments}
          archive={dialog === "archive"}
          change={change}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "delete" && (
        <DeleteFlagDialog org={org} project={project} flag={flag} onClose={() => setDialog(null)} />
      )}
    </header>
  );
}
