import type { Bucket } from "@/api/types";
import { Input } from "@/components/ui/input";
import { AttributeInput } from "./attribute-input";
import { useEditor, useProblemAt } from "./editor-context";
import { messages } from "./messages";
import { PercentInput } from "./percent-input";

export interface BucketFieldsProps {
  bucket: Bucket;
  pointer: string;
  onChange: (bucket: Bucket) => void;
}

/** A share of the keys, from one percentage to another. */
export function BucketFields({ bucket, pointer, onChange }: BucketFieldsProps) {
  const { disabledReason } = useEditor();
  const bad = useProblemAt(`${pointer}/bucket`);
  const { seed: _, ...unseeded } = bucket;
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2 text-sm text-muted">
      <span>{messages.bucket.between}</span>
      <PercentInput
        label={messages.bucket.from}
        weight={bucket.from}
        invalid={Boolean(bad)}
        onChange={(from) => onChange({ ...bucket, from })}
      />
      <span>{messages.bucket.and}</span>
      <PercentInput
        label={messages.bucket.to}
        weight={bucket.below}
        invalid={Boolean(bad)}
        onChange={(below) => onChange({ ...bucket, below })}
      />
      <span>{messages.bucket.by}</span>
      <AttributeInput
        label={messages.bucket.byLabel}
        value={bucket.by}
        onChange={(by) => onChange({ ...bucket, by })}
      />
      <Input
        aria-label={messages.bucket.seed}
        placeholder={messages.bucket.seedPlaceholder}
        title={messages.bucket.seedHelp}
        readOnly={Boolean(disabledReason)}
        className="w-36 font-mono text-xs"
        value={bucket.seed ?? ""}
        onChange={(event) =>
          onChange(event.target.value ? { ...bucket, seed: event.target.value } : unseeded)
        }
      />
    </div>
  );
}
