import { Plus, Trash2 } from "lucide-react";
import type { FlagType } from "@/api/types";
import { JsonEditor } from "@/components/json-editor/json-editor";
import { moveItem } from "@/components/sortable/move-item";
import { DragHandle } from "@/components/sortable/sortable-item";
import { SortableList } from "@/components/sortable/sortable-list";
import { Button } from "@/components/ui/button";
import { Input, NativeSelect } from "@/components/ui/input";
import type { Reason } from "@/components/ui/reason";
import { VariationDot } from "@/components/variation-name";
import { cn } from "@/lib/cn";
import { messages } from "./messages";
import type { ReadVariations, VariationDraft } from "./variation-drafts";
import { draftVariation, suggestKey } from "./variation-drafts";

const nameOf = (index: number) => messages.variations.nth(index + 1);

const BOOLEANS = ["true", "false"];

export interface VariationsEditorProps {
  type: FlagType;
  drafts: VariationDraft[];
  problems: ReadVariations["problems"];
  onChange: (drafts: VariationDraft[]) => void;
  disabledReason?: Reason;
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
      {type !== "object" && (
        <div
          aria-hidden
          className="hidden grid-cols-[2fr_1.2fr_1.4fr] gap-2 pr-10 pl-9 text-xs text-muted sm:grid"
        >
          <span>{messages.variations.value}</span>
          <span>{messages.variations.key}</span>
          <span>{messages.variations.name}</span>
        </div>
      )}
      <SortableList
        label={messages.variations.label}
        ids={drafts.map(({ id }) => id)}
        nameOf={nameOf}
        onMove={(from, to) => onChange(moveItem(drafts, from, to))}
        fixed={Boolean(disabledReason) || drafts.length < 2}
        className="space-y-2"
      >
        {(index) => {
          const draft = drafts[index];
          return (
            draft && (
              <VariationFields
                type={type}
                draft={draft}
                index={index}
                problem={problems.get(draft.id)}
                onEdit={(change) => edit(draft.id, change)}
                onValueLeft={() => nameFromValue(draft)}
                onRemove={() => remove(draft.id)}
                keepReason={
                  disabledReason || (drafts.length < 2 ? messages.variations.atLeastOne : heldBy?.(draft.key))
                }
                readOnly={Boolean(disabledReason)}
              />
            )
          );
        }}
      </SortableList>
      <Button
        look="ghost"
        size="sm"
        disabledReason={disabledReason}
        onClick={() => onChange([...drafts, draftVariation(type === "boolean" ? { value: "true" } : {})])}
      >
        <Plus aria-hidden /> {messages.variations.add}
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
  keepReason: Reason;
  readOnly: boolean;
}

function VariationFields(props: VariationFieldsProps) {
  const { type, draft, index, problem, onEdit, onValueLeft, onRemove, keepReason, readOnly } = props;
  const place = index + 1;
  const value = (
    <ValueInput
      type={type}
      label={messages.variations.valueOf(place)}
      value={draft.value}
      problem={problem?.value}
      readOnly={readOnly}
      onChange={(next) => onEdit({ value: next })}
      onBlur={onValueLeft}
    />
  );
  // JSON says what is wrong with it at its own editor.
  const said = [type === "object" ? undefined : problem?.value, draft.key ? problem?.key : undefined];
  return (
    <div className="rounded-lg bg-panel">
      <div className="flex items-start gap-1.5">
        <span className="flex h-8 shrink-0 items-center gap-1">
          <DragHandle className="-ml-1 px-0.5" />
          <VariationDot index={index} />
        </span>
        <div
          className={cn(
            "grid min-w-0 flex-1 gap-2",
            type === "object" ? "sm:grid-cols-2" : "grid-cols-2 sm:grid-cols-[2fr_1.2fr_1.4fr]",
          )}
        >
          {type !== "object" && value}
          <Input
            aria-label={messages.variations.keyOf(place)}
            aria-invalid={problem?.key && draft.key ? true : undefined}
            placeholder={messages.variations.keyPlaceholder}
            readOnly={readOnly}
            className="font-mono text-xs"
            value={draft.key}
            onChange={(event) => onEdit({ key: event.target.value })}
          />
          <Input
            aria-label={messages.variations.nameOf(place)}
            placeholder={messages.variations.namePlaceholder}
            readOnly={readOnly}
            value={draft.name}
            className={type === "object" ? undefined : "col-span-2 sm:col-span-1"}
            onChange={(event) => onEdit({ name: event.target.value })}
          />
          {type === "object" && <div className="sm:col-span-2">{value}</div>}
        </div>
        <Button
          look="ghost"
          size="icon"
          aria-label={messages.variations.remove(place)}
          disabledReason={keepReason}
          onClick={onRemove}
        >
          <Trash2 />
        </Button>
      </div>
      {said.some(Boolean) && (
        <p role="alert" className="mt-1 pl-9 text-xs text-danger">
          {said.filter(Boolean).join(" ")}
        </p>
      )}
    </div>
  );
}

interface ValueInputProps {
  type: FlagType;
  label: string;
  value: string;
  problem: string | undefined;
  readOnly: boolean;
  onChange: (value: string) => void;
  onBlur: () => void;
}

function ValueInput({ type, label, value, problem, readOnly, onChange, onBlur }: ValueInputProps) {
  if (type === "object") {
    return (
      <JsonEditor
        label={{ text: label }}
        value={value}
        problem={problem}
        readOnly={readOnly}
        onChange={onChange}
        onBlur={onBlur}
      />
    );
  }
  const shared = { "aria-label": label, "aria-invalid": problem ? true : undefined, value, onBlur } as const;
  if (type === "boolean") {
    return (
      <NativeSelect
        {...shared}
        disabled={readOnly}
        className="w-full font-mono text-xs"
        onChange={(event) => onChange(event.target.value)}
      >
        {BOOLEANS.map((item) => (
          <option key={item}>{item}</option>
        ))}
      </NativeSelect>
    );
  }
  return (
    <Input
      {...shared}
      readOnly={readOnly}
      inputMode={type === "number" ? "decimal" : "text"}
      placeholder={type === "number" ? "0" : messages.variations.valuePlaceholder}
      className="font-mono text-xs"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
