import { Plus, Trash2 } from "lucide-react";
import type { FlagType } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Input, NativeSelect, Textarea } from "@/components/ui/input";
import { VariationDot } from "@/components/variation-name";
import type { ReadVariations, VariationDraft } from "./variation-drafts";
import { draftVariation, suggestKey } from "./variation-drafts";

export interface VariationsEditorProps {
  type: FlagType;
  drafts: VariationDraft[];
  problems: ReadVariations["problems"];
  onChange: (drafts: VariationDraft[]) => void;
  disabledReason?: string | undefined;
  /** Why a variation cannot be removed, or nothing. */
  heldBy?: (key: string) => string | undefined;
}

export function VariationsEditor({
  type,
  drafts,
  problems,
  onChange,
  disabledReason,
  heldBy,
}: VariationsEditorProps) {
  const edit = (id: string, change: Partial<VariationDraft>) =>
    onChange(drafts.map((draft) => (draft.id === id ? { ...draft, ...change } : draft)));
  const remove = (id: string) => onChange(drafts.filter((draft) => draft.id !== id));
  const nameFromValue = (draft: VariationDraft) => {
    if (draft.key !== "" || type === "object") return;
    const taken = drafts.filter((other) => other.id !== draft.id).map((other) => other.key);
    edit(draft.id, { key: suggestKey(draft.value, taken) });
  };
  return (
    <div className="space-y-2">
      <div
        aria-hidden
        className="hidden grid-cols-[2fr_1.2fr_1.4fr] gap-2 pr-10 pl-5 text-xs text-muted sm:grid"
      >
        <span>Value</span>
        <span>Key</span>
        <span>Name</span>
      </div>
      <ul className="space-y-2">
        {drafts.map((draft, index) => (
          <VariationFields
            key={draft.id}
            type={type}
            draft={draft}
            index={index}
            problem={problems.get(draft.id)}
            onEdit={(change) => edit(draft.id, change)}
            onValueLeft={() => nameFromValue(draft)}
            onRemove={() => remove(draft.id)}
            keepReason={
              disabledReason ??
              (drafts.length < 2 ? "A flag needs at least one variation." : heldBy?.(draft.key))
            }
            readOnly={Boolean(disabledReason)}
          />
        ))}
      </ul>
      <Button
        look="ghost"
        size="sm"
        disabledReason={disabledReason}
        onClick={() => onChange([...drafts, draftVariation(type === "boolean" ? { value: "true" } : {})])}
      >
        <Plus aria-hidden /> Add variation
      </Button>
    </div>
  );
}

interface VariationFieldsProps {
  type: FlagType;
  draft: VariationDraft;
  index: number;
  problem: { key?: string; value?: string } | undefined;
  onEdit: (change: Partial<VariationDraft>) => void;
  onValueLeft: () => void;
  onRemove: () => void;
  keepReason: string | undefined;
  readOnly: boolean;
}

function VariationFields(props: VariationFieldsProps) {
  const { type, draft, index, problem, onEdit, onValueLeft, onRemove, keepReason, readOnly } = props;
  const place = index + 1;
  return (
    <li>
      <div className="flex items-start gap-2">
        <span className="grid h-8 place-items-center">
          <VariationDot index={index} />
        </span>
        <div className="grid min-w-0 flex-1 grid-cols-2 gap-2 sm:grid-cols-[2fr_1.2fr_1.4fr]">
          <ValueInput
            type={type}
            label={`Value of variation ${place}`}
            value={draft.value}
            invalid={Boolean(problem?.value)}
            readOnly={readOnly}
            onChange={(value) => onEdit({ value })}
            onBlur={onValueLeft}
          />
          <Input
            aria-label={`Key of variation ${place}`}
            aria-invalid={problem?.key && draft.key ? true : undefined}
            placeholder="key"
            readOnly={readOnly}
            className="font-mono text-xs"
            value={draft.key}
            onChange={(event) => onEdit({ key: event.target.value })}
          />
          <Input
            aria-label={`Name of variation ${place}`}
            placeholder="Name (optional)"
            readOnly={readOnly}
            value={draft.name}
            className="col-span-2 sm:col-span-1"
            onChange={(event) => onEdit({ name: event.target.value })}
          />
        </div>
        <Button
          look="ghost"
          size="icon"
          aria-label={`Remove variation ${place}`}
          disabledReason={keepReason}
          onClick={onRemove}
        >
          <Trash2 />
        </Button>
      </div>
      {problem && (
        <p role="alert" className="mt-1 pl-5 text-xs text-danger">
          {[problem.value, draft.key ? problem.key : undefined].filter(Boolean).join(" ")}
        </p>
      )}
    </li>
  );
}

interface ValueInputProps {
  type: FlagType;
  label: string;
  value: string;
  invalid: boolean;
  readOnly: boolean;
  onChange: (value: string) => void;
  onBlur: () => void;
}

function ValueInput({ type, label, value, invalid, readOnly, onChange, onBlur }: ValueInputProps) {
  const shared = { "aria-label": label, "aria-invalid": invalid || undefined, value, onBlur };
  if (type === "boolean") {
    return (
      <NativeSelect
        {...shared}
        disabled={readOnly}
        className="w-full font-mono text-xs"
        onChange={(event) => onChange(event.target.value)}
      >
        <option>true</option>
        <option>false</option>
      </NativeSelect>
    );
  }
  if (type === "object") {
    return (
      <Textarea
        {...shared}
        readOnly={readOnly}
        spellCheck={false}
        rows={Math.min(8, value.split("\n").length + 1)}
        className="font-mono text-xs"
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <Input
      {...shared}
      readOnly={readOnly}
      inputMode={type === "number" ? "decimal" : "text"}
      placeholder={type === "number" ? "0" : "value"}
      className="font-mono text-xs"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
