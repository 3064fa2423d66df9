import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { exportOrganization } from "@/api/organizations";
import { reasonOf } from "@/api/problem";
import { keys } from "@/api/queries";
import { FormAlert } from "@/components/form-alert";
import { Button } from "@/components/ui/button";
import { Panel, Section } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access/use-refusal";
import { number } from "@/lib/language/format";
import { saveFile } from "@/lib/save-file";
import { ErasePersonDialog } from "./erase-person-dialog";
import { messages } from "./messages";

/** Taking the organization's data along, and forgetting a person of its applications. */
export function DataSection({ org }: { org: string }) {
  return (
    <Section title={messages.general.data}>
      <Panel className="divide-y">
        <Export org={org} />
        <Erase org={org} />
      </Panel>
    </Section>
  );
}

function Export({ org }: { org: string }) {
  const refusal = useRefusal("organization.export");
  const [bytes, setBytes] = useState(0);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const run = useMutation({
    mutationFn: async () => {
      const stop = new AbortController();
      running.current = stop;
      setBytes(0);
      try {
        return await exportOrganization(org, { onProgress: setBytes, signal: stop.signal });
      } catch (error) {
        if (stop.signal.aborted) return null;
        throw error;
      }
    },
    meta: { invalidates: [keys.organization(org)] },
    onSuccess: (file) => {
      if (!file) return;
      saveFile(file, `${org}.jsonl`);
      toast.success(messages.general.exportDone);
    },
  });
  const progress =
    bytes === 0 ? messages.general.exporting : messages.general.exported(number(bytes / 1e6, 1));
  return (
    <Row
      title={messages.general.export}
      help={messages.general.exportHelp}
      below={
        <>
          <p role="status" className="text-sm text-muted tabular-nums">
            {run.isPending && progress}
          </p>
          <FormAlert message={run.error && reasonOf(run.error)} />
        </>
      }
    >
      {run.isPending && <Button onClick={() => running.current?.abort()}>{messages.general.stop}</Button>}
      <Button busy={run.isPending} disabledReason={refusal} onClick={() => run.mutate()}>
        {messages.general.exportSubmit}
      </Button>
    </Row>
  );
}

function Erase({ org }: { org: string }) {
  const refusal = useRefusal("usage.erase");
  const [open, setOpen] = useState(false);
  return (
    <Row title={messages.general.erase} help={messages.general.eraseHelp}>
      <Button disabledReason={refusal} onClick={() => setOpen(true)}>
        {messages.general.eraseOpen}
      </Button>
      {open && <ErasePersonDialog org={org} onClose={() => setOpen(false)} />}
    </Row>
  );
}

interface RowProps {
  title: string;
  help: string;
  below?: ReactNode;
  children: ReactNode;
}

function Row({ title, help, below, children }: RowProps) {
  return (
    <div className="space-y-2 p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="text-sm font-medium">{title}</h3>
          <p className="text-sm text-muted">{help}</p>
        </div>
        <div className="flex gap-2">{children}</div>
      </div>
      {below}
    </div>
  );
}
