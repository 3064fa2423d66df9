import { Plus } from "lucide-react";
import type { Condition } from "@/api/types";
import { moveItem } from "@/components/sortable/move-item";
import { DragHandle } from "@/components/sortable/sortable-item";
import { SortableList } from "@/components/sortable/sortable-list";
import { Button } from "@/components/ui/button";
import { NativeSelect } from "@/components/ui/input";
import { Menu, MenuItem } from "@/components/ui/menu";
import { blank, group as makeGroup } from "@/domain/targeting/conditions";
import { useItemIds } from "@/lib/item-ids";
import type { NestedGroup } from "./condition-row";
import { ConditionRow } from "./condition-row";
import { useEditor } from "./editor-context";

export interface ConditionGroupProps extends NestedGroup {
  /** The group is only shown as one: its single condition stands where the group would. */
  lone?: boolean;
}

const KINDS = [
  ["segment", "Segment", "belongs to a list or a condition kept elsewhere"],
  ["flag", "Another flag", "gets a variation of it"],
  ["bucket", "Percentage", "is among a share of all"],
  ["all", "Group", "conditions within"],
] as const;

const nameOf = (index: number) => `condition ${index + 1}`;

/** Conditions of which all, or any, must hold. */
export function ConditionGroup({ group, pointer, lone = false, onChange }: ConditionGroupProps) {
  const { disabledReason } = useEditor();
  const { kind, conditions } = group;
  const set = (next: Condition[]) => onChange(makeGroup(kind, next));
  const add = (kindOfNew: Parameters<typeof blank>[0]) => set([...conditions, blank(kindOfNew)]);
  const { ids } = useItemIds(conditions);
  const fixed = Boolean(disabledReason) || conditions.length < 2;
  const joiner = kind === "all" ? "and" : "or";
  return (
    <div className="min-w-0 flex-1 space-y-2">
      <div className="flex flex-wrap items-center gap-2 text-sm text-muted">
        <span>Match</span>
        <NativeSelect
          aria-label="How conditions combine"
          value={kind}
          disabled={Boolean(disabledReason)}
          onChange={(event) => onChange(makeGroup(event.target.value as "all" | "any", conditions))}
        >
          <option value="all">all</option>
          <option value="any">any</option>
        </NativeSelect>
        <span>
          {conditions.length > 0 && "of these"}
          {conditions.length === 0 &&
            (kind === "all" ? "of no conditions: everyone" : "of no conditions: no one")}
        </span>
      </div>
      <SortableList
        label="Conditions"
        ids={ids}
        nameOf={nameOf}
        onMove={(from, to) => set(moveItem(conditions, from, to))}
        fixed={fixed}
        className="space-y-2"
      >
        {(index) => {
          const condition = conditions[index];
          return (
            condition && (
              <div className="flex items-start gap-2 rounded-lg bg-inherit">
                <span className="flex w-12 shrink-0 items-center justify-end gap-0.5 pt-1">
                  <DragHandle className="px-0.5" />
                  <span aria-hidden={index === 0} className="w-5 text-right text-xs text-faint">
                    {index === 0 ? "if" : joiner}
                  </span>
                </span>
                <ConditionRow
                  condition={condition}
                  pointer={lone ? pointer : `${pointer}/${kind}/${index}`}
                  onChange={(next) => set(conditions.map((item, place) => (place === index ? next : item)))}
                  onRemove={() => set(conditions.filter((_, place) => place !== index))}
                  renderGroup={(nested) => <ConditionGroup {...nested} />}
                />
              </div>
            )
          );
        }}
      </SortableList>
      {!disabledReason && (
        <div className="flex flex-wrap items-center gap-1 pl-14">
          <Button look="ghost" size="sm" onClick={() => add("clause")}>
            <Plus aria-hidden /> Condition
          </Button>
          <Menu
            className="w-64"
            trigger={
              <Button look="ghost" size="sm">
                <Plus aria-hidden /> Other…
              </Button>
            }
          >
            {KINDS.map(([value, label, explanation]) => (
              <MenuItem key={value} onSelect={() => add(value)}>
                <span>
                  <span className="block">{label}</span>
                  <span className="block text-xs text-muted">{explanation}</span>
                </span>
              </MenuItem>
            ))}
          </Menu>
        </div>
      )}
    </div>
  );
}
