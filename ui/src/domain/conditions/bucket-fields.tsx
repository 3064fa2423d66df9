import type { Bucket } from "@/api/types";
import { Input } from "@/components/ui/input";
import { AttributeInput } from "./attribute-input";
import { useEditor, useProblemAt } from "./editor-context";
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
      <span>falls between</span>
      <PercentInput
        label="From percent"
        weight={bucket.from}
        invalid={Boolean(bad)}
        onChange={(from) => onChange({ ...bucket, from })}
      />
      <span>and</span>
      <PercentInput
        label="To percent"
        weight={bucket.below}
        invalid={Boolean(bad)}
        onChange={(below) => onChange({ ...bucket, below })}
      />
      <span>by</span>
      <AttributeInput label="Bucket by" value={bucket.by} onChange={(by) => onChange({ ...bucket, by })} />
      <Input
        aria-label="Seed"
        placeholder="seed (optional)"
        title="Conditions with one seed see the same buckets: use it to keep groups apart across flags."
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
