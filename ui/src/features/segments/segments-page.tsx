import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { segmentsQuery } from "@/api/queries";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { PageHeader } from "@/components/page-header";
import { DataTable } from "@/components/table/data-table";
import { goToList } from "@/components/table/list";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { ListSkeleton } from "@/components/ui/skeleton";
import { useRefusal } from "@/domain/access/use-refusal";
import { segmentId } from "@/domain/live/ids";
import { useCommands } from "@/domain/palette/commands";
import { useHotkey } from "@/lib/hotkeys";
import { page, paths } from "@/paths";
import { CreateSegmentDialog } from "./create-segment-dialog";
import { messages } from "./messages";
import { segmentColumns } from "./segment-columns";

export function SegmentsPage() {
  const scope = useParams({ from: page(paths.segments) });
  const [search, setSearch] = useState("");
  const asked = useDeferredValue(search.trim());
  const segments = useInfiniteQuery({
    ...segmentsQuery(scope, asked || undefined),
    placeholderData: keepPreviousData,
  });
  const [creating, setCreating] = useState(false);
  const refusal = useRefusal("segment.update", { project: scope.project });
  const input = useRef<HTMLInputElement>(null);
  useHotkey("/", () => input.current?.focus());
  useCommands([
    { id: "create-segment", name: messages.create, run: () => setCreating(true), disabledReason: refusal },
  ]);
  const items = useMemo(() => itemsOf(segments.data), [segments.data]);
  const { org, project } = scope;
  const columns = useMemo(() => segmentColumns({ org, project }), [org, project]);
  return (
    <>
      <PageHeader
        title={messages.title}
        description={messages.description}
        actions={
          <Button look="primary" disabledReason={refusal} onClick={() => setCreating(true)}>
            <Plus aria-hidden /> {messages.create}
          </Button>
        }
      />
      {(items.length > 0 || search) && (
        <Input
          ref={input}
          type="search"
          aria-label={messages.search}
          placeholder={messages.searchPlaceholder}
          className="mb-3 max-w-sm"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={goToList}
        />
      )}
      {segments.isPending && <ListSkeleton rows={4} label={messages.loading} />}
      {segments.isLoadingError && <ErrorNote error={segments.error} retry={() => void segments.refetch()} />}
      {segments.isSuccess && items.length === 0 && search === "" && (
        <Empty
          title={messages.none}
          action={
            <Button disabledReason={refusal} onClick={() => setCreating(true)}>
              {messages.create}
            </Button>
          }
        >
          {messages.noneHelp}
        </Empty>
      )}
      {segments.isSuccess && items.length === 0 && search !== "" && <Empty title={messages.noMatches} />}
      {items.length > 0 && (
        <DataTable
          fill
          label={messages.title}
          rows={items}
          columns={columns}
          rowId={(segment) => segment.id}
          flashId={(segment) => segmentId(scope.project, segment.key)}
          more={segments}
          stale={segments.isPlaceholderData}
        />
      )}
      {creating && <CreateSegmentDialog {...scope} onClose={() => setCreating(false)} />}
    </>
  );
}
