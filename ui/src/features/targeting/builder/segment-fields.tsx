import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { segmentsQuery } from "@/api/queries";
import { paths } from "@/app/paths";
import { NativeSelect } from "@/components/ui/input";
import { useEditor, useProblemAt } from "./editor-context";

export interface SegmentFieldsProps {
  segment: string;
  pointer: string;
  onChange: (segment: string) => void;
}

export function SegmentFields({ segment, pointer, onChange }: SegmentFieldsProps) {
  const { org, project, self, disabledReason } = useEditor();
  const bad = useProblemAt(`${pointer}/segment`);
  const { data } = useQuery(segmentsQuery({ org, project }));
  const keys = (data?.items ?? []).filter((item) => item.key !== self.segment);
  const unknown = segment !== "" && !keys.some((item) => item.key === segment);
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
      <span className="text-sm text-muted">is in segment</span>
      <NativeSelect
        aria-label="Segment"
        aria-invalid={bad ? true : undefined}
        disabled={Boolean(disabledReason)}
        value={segment}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="" disabled>
          {keys.length === 0 ? "No segments yet" : "Choose a segment"}
        </option>
        {unknown && <option value={segment}>{segment}</option>}
        {keys.map((item) => (
          <option key={item.key} value={item.key}>
            {item.name || item.key}
          </option>
        ))}
      </NativeSelect>
      {segment && (
        <Link
          to={paths.segment}
          params={{ org, project, segment }}
          aria-label={`Open segment ${segment}`}
          className="text-faint hover:text-ink"
        >
          <ExternalLink className="size-3.5" aria-hidden />
        </Link>
      )}
    </div>
  );
}
