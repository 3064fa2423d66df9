import { Plus } from "lucide-react";
import type { Condition } from "@/api/types";
import { moveItem } from "@/components/sortable/move-item";
import { DragHandle } from "@/components/sortable/sortable-item";
import { SortableList } from "@/components/sortable/sortable-list";
import { Button } from "@/components/ui/button";
import { NativeSelect } from "@/components/ui/input";
import { Menu, MenuItem } from "@/components/ui/menu";
import { blank, group as makeGroup } from "@/domain/targeting/conditions";
import { cn } from "@/lib/cn";
import { useItemIds } from "@/lib/item-ids";
import type { NestedGroup } from "./condition-row";
import { ConditionRow } from "./condition-row";
import { useEditor } from "./editor-context";
import { messages } from "./messages";

export interface ConditionGroupProps extends NestedGroup {
  /** The group is only shown as one: its single condition stands where the group would. */
  lone?: boolean;
}

const KINDS = ["segment", "flag", "bucket", "all"] as const;

const nameOf = (index: number) => messages.group.nth(index + 1);

/** Conditions of which all, or any, must hold. */
export function ConditionGroup({ group, pointer, lone = false, onChange }: ConditionGroupProps) {
  const { disabledReason } = useEditor();
  const { kind, conditions } = group;
  const set = (next: Condition[]) => onChange(makeGroup(kind, next));
  const add = (kindOfNew: Parameters<typeof blank>[0]) => set([...conditions, blank(kindOfNew)]);
  const { ids } = useItemIds(conditions);
  const fixed = Boolean(disabledReason) || conditions.length < 2;
  const joiner = kind === "all" ? messages.group.and : messages.group.or;
  return (
    <div className="min-w-0 flex-1 space-y-2">
      <div className="flex flex-wrap items-center gap-2 text-sm text-muted">
        <span>{messages.group.match}</span>
        <NativeSelect
          aria-label={messages.group.label}
          value={kind}
          disabled={Boolean(disabledReason)}
          onChange={(event) => onChange(makeGroup(event.target.value as "all" | "any", conditions))}
        >
          <option value="all">{messages.group.all}</option>
          <option value="any">{messages.group.any}</option>
        </NativeSelect>
        <span>
          {conditions.length > 0 && messages.group.ofThese}
          {conditions.length === 0 &&
            (kind === "all" ? messages.group.noneEveryone : messages.group.noneNoOne)}
        </span>
      </div>
      <SortableList
        label={messages.group.list}
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
                <span
                  className={cn("flex h-8 shrink-0 items-center justify-end gap-0.5", fixed ? "w-7" : "w-12")}
                >
                  <DragHandle className="px-0.5" />
                  <span aria-hidden={index === 0} className="w-5 text-right text-xs text-faint">
                    {index === 0 ? messages.group.if : joiner}
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
        <div className={cn("flex flex-wrap items-center gap-1", fixed ? "pl-9" : "pl-14")}>
          <Button look="ghost" size="sm" onClick={() => add("clause")}>
            <Plus aria-hidden /> {messages.group.add}
          </Button>
          <Menu
            className="w-64"
            trigger={
              <Button look="ghost" size="sm">
                <Plus aria-hidden /> {messages.group.addOther}
              </Button>
            }
          >
            {KINDS.map((value) => (
              <MenuItem key={value} onSelect={() => add(value)}>
                <span>
                  <span className="block">{messages.kinds[value].name}</span>
                  <span className="block text-xs text-muted">{messages.kinds[value].explanation}</span>
                </span>
              </MenuItem>
            ))}
          </Menu>
        </div>
      )}
    </div>
  );
}
