import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { segmentDependentsQuery, segmentQuery } from "@/api/queries";
import { DependentList } from "@/components/dependent-list";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Section } from "@/components/ui/panel";
import { Skeleton } from "@/components/ui/skeleton";
import { useRefusal } from "@/domain/access/use-refusal";
import { page, paths } from "@/paths";
import { DeleteSegmentDialog } from "./delete-segment-dialog";
import { messages } from "./messages";
import { SegmentEditor } from "./segment-editor";

export function SegmentPage() {
  const scope = useParams({ from: page(paths.segment) });
  const { data: segment } = useSuspenseQuery(segmentQuery(scope));
  const dependents = useQuery(segmentDependentsQuery(scope));
  const refusal = useRefusal("segment.update", { project: scope.project });
  const [deleting, setDeleting] = useState(false);
  const items = dependents.data?.items ?? [];
  const { org, project } = scope;
  return (
    <div key={segment.key}>
      <PageHeader
        title={segment.name || segment.key}
        beside={
          <>
            <code className="font-mono">{segment.key}</code>
            <CopyButton text={segment.key} label={messages.copyKey} className="size-5 [&_svg]:size-3" />
          </>
        }
        actions={
          <Button
            size="icon"
            aria-label={messages.delete.action}
            disabledReason={refusal}
            onClick={() => setDeleting(true)}
          >
            <Trash2 />
          </Button>
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_18rem]">
        <SegmentEditor scope={scope} segment={segment} dependents={dependents.data?.items} />
        <Section title={messages.usedBy} description={messages.usedByHelp}>
          {dependents.isPending && <Skeleton className="h-16" />}
          {dependents.isSuccess && items.length === 0 && (
            <p className="text-sm text-muted">{messages.unused}</p>
          )}
          {items.length > 0 && <DependentList org={org} project={project} dependents={items} />}
        </Section>
      </div>
      {deleting && (
        <DeleteSegmentDialog
          scope={scope}
          segment={segment}
          dependents={items}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  );
}
