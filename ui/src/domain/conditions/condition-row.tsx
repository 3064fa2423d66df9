import { MoreHorizontal, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Condition } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { group, isBlank, sort, toggleNot } from "@/domain/targeting/conditions";
import { BucketFields } from "./bucket-fields";
import { ClauseFields } from "./clause-fields";
import { useEditor, useProblemAt } from "./editor-context";
import { FlagVariations } from "./flag-variations";
import { messages } from "./messages";
import { SegmentFields } from "./segment-fields";
import { Unfinished } from "./unfinished";

export interface ConditionRowProps {
  condition: Condition;
  pointer: string;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
  /** Renders a group that stands in place of a single condition. */
  renderGroup: RenderGroup;
}

export interface NestedGroup {
  group: { kind: "all" | "any"; conditions: Condition[] };
  pointer: string;
  onChange: (condition: Condition) => void;
}
export type RenderGroup = (nested: NestedGroup) => ReactNode;

/** One condition of a group: its fields, and what can be done with it as a whole. */
export function ConditionRow(props: ConditionRowProps) {
  return (
    <Unfinished blank={isBlank(props.condition)} className="min-w-0 flex-1">
      <Row {...props} />
    </Unfinished>
  );
}

function Row({ condition, pointer, onChange, onRemove, renderGroup }: ConditionRowProps) {
  const { disabledReason } = useEditor();
  const sorted = sort(condition);
  const negated = sorted.kind === "not";
  const inner = negated ? sorted.condition : condition;
  const innerKind = sort(inner).kind;
  const nested = innerKind === "all" || innerKind === "any" || innerKind === "not";
  const problem = useProblemAt(pointer);
  return (
    <>
      <div className="flex items-start gap-1.5">
        {negated && (
          <Badge tone="boo" className="mt-1.5 font-semibold">
            {messages.not}
          </Badge>
        )}
        <ConditionFields
          condition={inner}
          pointer={negated ? `${pointer}/not` : pointer}
          onChange={(next) => onChange(negated ? { not: next } : next)}
          renderGroup={renderGroup}
        />
        {!disabledReason && (
          <div className="flex">
            <Menu
              align="end"
              trigger={
                <Button look="ghost" size="icon" aria-label={messages.more} className="w-7">
                  <MoreHorizontal />
                </Button>
              }
            >
              <MenuItem onSelect={() => onChange(toggleNot(condition))}>
                {negated ? messages.removeNot : messages.negate}
              </MenuItem>
              <MenuItem onSelect={() => onChange(group("all", [condition]))}>{messages.intoGroup}</MenuItem>
            </Menu>
            <Button look="ghost" size="icon" aria-label={messages.remove} className="w-7" onClick={onRemove}>
              <X />
            </Button>
          </div>
        )}
      </div>
      {problem && !nested && (
        <p role="alert" className="mt-1 text-xs text-danger">
          {problem}
        </p>
      )}
    </>
  );
}

interface ConditionFieldsProps {
  condition: Condition;
  pointer: string;
  onChange: (condition: Condition) => void;
  renderGroup: RenderGroup;
}

function ConditionFields({ condition, pointer, onChange, renderGroup }: ConditionFieldsProps) {
  const sorted = sort(condition);
  switch (sorted.kind) {
    case "all":
    case "any":
      return (
        <div className="min-w-0 flex-1 rounded-lg border border-line-strong/70 bg-sunken p-2.5">
          {renderGroup({ group: sorted, pointer, onChange })}
        </div>
      );
    case "not":
      return (
        <ConditionRow
          condition={condition}
          pointer={pointer}
          onChange={onChange}
          onRemove={() => onChange(sorted.condition)}
          renderGroup={renderGroup}
        />
      );
    case "segment":
      return (
        <SegmentFields
          segment={sorted.segment}
          pointer={pointer}
          onChange={(segment) => onChange({ segment })}
        />
      );
    case "flag":
      return (
        <FlagVariations
          flag={sorted.flag}
          variations={sorted.variations}
          pointer={pointer}
          onChange={onChange}
        />
      );
    case "bucket":
      return (
        <BucketFields bucket={sorted.bucket} pointer={pointer} onChange={(bucket) => onChange({ bucket })} />
      );
    case "clause":
      return <ClauseFields clause={sorted.clause} pointer={pointer} onChange={onChange} />;
  }
}
