import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { ExportFormat } from "@/api/audit";
import { exportAudit } from "@/api/audit";
import { reasonOf } from "@/api/problem";
import { keys } from "@/api/queries";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { useRefusal } from "@/domain/access/use-refusal";
import { saveFile } from "@/lib/save-file";
import type { AuditSearch } from "./audit-search";
import { auditFilter } from "./audit-search";
import { messages } from "./messages";

const BYTES_PER_MB = 1_000_000;

/** Saves what the filters leave as a file. The export is an entry of the log itself. */
export function ExportMenu({ org, search }: { org: string; search: AuditSearch }) {
  const refusal = useRefusal("audit.export");
  const [bytes, setBytes] = useState(0);
  const download = useMutation({
    mutationFn: (format: ExportFormat) => {
      setBytes(0);
      return exportAudit(org, auditFilter(search), format, setBytes);
    },
    meta: { invalidates: [keys.audit(org)] },
    onSuccess: (file, format) => {
      saveFile(file, `audit-${org}.${format}`);
      toast.success(messages.export.done);
    },
    onError: (error) => toast.error(reasonOf(error)),
  });
  if (refusal || download.isPending) {
    return (
      <>
        <Button busy={download.isPending} disabledReason={refusal}>
          {!download.isPending && <Download aria-hidden />}
          {download.isPending ? messages.export.progress(bytes / BYTES_PER_MB) : messages.export.button}
        </Button>
        <span role="status" className="sr-only">
          {download.isPending ? messages.export.started : ""}
        </span>
      </>
    );
  }
  return (
    <Menu
      align="end"
      trigger={
        <Button>
          <Download aria-hidden /> {messages.export.button}
        </Button>
      }
    >
      <MenuItem onSelect={() => download.mutate("jsonl")}>
        <Format name={messages.export.jsonl} help={messages.export.jsonlHelp} />
      </MenuItem>
      <MenuItem onSelect={() => download.mutate("csv")}>
        <Format name={messages.export.csv} help={messages.export.csvHelp} />
      </MenuItem>
    </Menu>
  );
}

function Format({ name, help }: { name: string; help: string }) {
  return (
    <span className="flex flex-col">
      {name}
      <span className="text-xs text-faint">{help}</span>
    </span>
  );
}
