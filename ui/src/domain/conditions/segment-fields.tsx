import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { segmentChoicesQuery } from "@/api/queries";
import { paths } from "@/paths";
import { useEditor, useProblemAt } from "./editor-context";
import { messages } from "./messages";
import { SearchChoice, useSearchChoice } from "./search-choice";

export interface SegmentFieldsProps {
  segment: string;
  pointer: string;
  onChange: (segment: string) => void;
}

export function SegmentFields({ segment, pointer, onChange }: SegmentFieldsProps) {
  const { org, project, self, disabledReason } = useEditor();
  const bad = useProblemAt(`${pointer}/segment`);
  const choice = useSearchChoice();
  const segments = useQuery({
    ...segmentChoicesQuery({ org, project }, choice.search.trim() || undefined),
    enabled: choice.open,
    placeholderData: keepPreviousData,
  });
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
      <span className="text-sm text-muted">{messages.inSegment}</span>
      <SearchChoice
        {...choice}
        noun="segment"
        value={segment}
        onChange={onChange}
        invalid={Boolean(bad)}
        disabledReason={disabledReason}
        choices={(segments.data?.items ?? []).filter((item) => item.key !== self.segment)}
        looking={segments.isFetching}
      />
      {segment && (
        <Link
          to={paths.segment}
          params={{ org, project, segment }}
          aria-label={messages.openSegment(segment)}
          className="text-faint hover:text-ink"
        >
          <ExternalLink className="size-3.5" aria-hidden />
        </Link>
      )}
    </div>
  );
}
