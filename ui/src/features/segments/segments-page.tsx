import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Plus, Users } from "lucide-react";
import { useDeferredValue, useRef, useState } from "react";
import { segmentsQuery } from "@/api/queries";
import type { Segment } from "@/api/types";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { MoreButton } from "@/components/more-button";
import { PageHeader } from "@/components/page-header";
import { Time } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { Panel } from "@/components/ui/panel";
import { ListSkeleton } from "@/components/ui/skeleton";
import { useRefusal } from "@/domain/access";
import { segmentId, useFlash } from "@/domain/live/flashes";
import { conditionWords } from "@/domain/targeting/wording";
import { cn } from "@/lib/cn";
import { useHotkey } from "@/lib/hotkeys";
import { page, paths } from "@/paths";
import { CreateSegmentDialog } from "./create-segment-dialog";

export function SegmentsPage() {
  const scope = useParams({ from: page(paths.segments) });
  const [search, setSearch] = useState("");
  const asked = useDeferredValue(search.trim());
  const segments = useInfiniteQuery({
    ...segmentsQuery(scope, asked || undefined),
    placeholderData: keepPreviousData,
  });
  const [creating, setCreating] = useState(false);
  const refusal = useRefusal("editor");
  const input = useRef<HTMLInputElement>(null);
  useHotkey("/", () => input.current?.focus());
  const items = itemsOf(segments.data);
  return (
    <>
      <PageHeader
        title="Segments"
        description="Groups of people that flags refer to by name: the same in every environment."
        actions={
          <Button look="primary" disabledReason={refusal} onClick={() => setCreating(true)}>
            <Plus aria-hidden /> Create segment
          </Button>
        }
      />
      {(items.length > 0 || search) && (
        <Input
          ref={input}
          type="search"
          aria-label="Search segments"
          placeholder="Search by name or key"
          className="mb-3 max-w-sm"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {segments.isPending && <ListSkeleton rows={4} label="Loading segments" />}
      {segments.isLoadingError && <ErrorNote error={segments.error} retry={() => void segments.refetch()} />}
      {segments.isSuccess && items.length === 0 && search === "" && (
        <Empty
          title="Name a group once, use it everywhere"
          action={
            <Button disabledReason={refusal} onClick={() => setCreating(true)}>
              Create segment
            </Button>
          }
        >
          “Beta testers”, “Staff”, “Nordic customers”: a list of keys, a condition, or both.
        </Empty>
      )}
      {segments.isSuccess && items.length === 0 && search !== "" && <Empty title="No segment matches" />}
      {items.length > 0 && (
        <Panel>
          <ul aria-label="Segments" className="divide-y">
            {items.map((segment) => (
              <SegmentRow key={segment.id} {...scope} segment={segment} />
            ))}
          </ul>
        </Panel>
      )}
      <MoreButton query={segments} />
      {creating && <CreateSegmentDialog {...scope} onClose={() => setCreating(false)} />}
    </>
  );
}

function SegmentRow({ org, project, segment }: { org: string; project: string; segment: Segment }) {
  const flashing = useFlash(segmentId(project, segment.key));
  const nobody = "any" in segment.when && segment.when.any.length === 0;
  const parts = [
    segment.included.length > 0 && `${segment.included.length} included`,
    segment.excluded.length > 0 && `${segment.excluded.length} excluded`,
    !nobody && conditionWords(segment.when),
  ].filter(Boolean);
  return (
    <li
      className={cn(
        "relative flex items-center gap-3 px-4 py-3 hover:bg-sunken/70",
        flashing && "animate-flash",
      )}
    >
      <span className="grid size-7 shrink-0 place-items-center rounded-md bg-raised text-muted">
        <Users className="size-4" aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <Link
            to={paths.segment}
            params={{ org, project, segment: segment.key }}
            className="truncate font-medium after:absolute after:inset-0"
          >
            {segment.name || segment.key}
          </Link>
          <span className="truncate font-mono text-xs text-muted">{segment.key}</span>
        </p>
        <p className="truncate text-xs text-muted">{parts.join(" · ") || "nobody yet"}</p>
      </div>
      <Time at={segment.updatedAt} className="hidden text-xs text-faint sm:block" />
    </li>
  );
}
