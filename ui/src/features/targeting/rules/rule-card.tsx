import { ChevronRight, Copy, MoreHorizontal, Trash2 } from "lucide-react";
import { useId } from "react";
import type { Rule } from "@/api/types";
import { DragHandle } from "@/components/sortable/sortable-item";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { ConditionGroup } from "@/domain/conditions/condition-group";
import { useEditor, useProblemAt } from "@/domain/conditions/editor-context";
import { asGroup, isGroup } from "@/domain/targeting/conditions";
import { cn } from "@/lib/cn";
import { messages } from "../messages";
import { ServeEditor } from "../serve/serve-editor";
import { RuleSummary } from "./rule-summary";

export interface RuleCardProps {
  rule: Rule;
  index: number;
  count: number;
  open: boolean;
  onToggle: () => void;
  onChange: (rule: Rule) => void;
  onMove: (to: number) => void;
  onDuplicate: () => void;
  onRemove: () => void;
}

export function RuleCard(props: RuleCardProps) {
  const { rule, index, count, open, onToggle, onChange, onMove, onDuplicate, onRemove } = props;
  const { disabledReason } = useEditor();
  const pointer = `/rules/${index}`;
  const badName = useProblemAt(`${pointer}/id`);
  const bad = useProblemAt(pointer);
  const nameId = useId();
  const place = index + 1;
  return (
    <fieldset
      aria-label={messages.rules.rule(place)}
      className={cn("min-w-0 rounded-lg border bg-panel", bad && !open && "border-danger")}
    >
      <div className="flex items-center gap-1 py-1.5 pr-2 pl-1">
        <DragHandle />
        <button
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          className="flex min-w-0 flex-1 items-center gap-2 rounded py-1 text-left"
        >
          <ChevronRight
            className={cn("size-4 shrink-0 text-faint transition-transform", open && "rotate-90")}
            aria-hidden
          />
          <span className="sr-only">{messages.rules.prefix(place)}</span>
          <span
            aria-hidden
            className="grid size-5 shrink-0 place-items-center rounded bg-raised text-2xs font-semibold text-muted tabular-nums"
          >
            {index + 1}
          </span>
          {open ? (
            <span className="truncate text-sm font-medium">{rule.id}</span>
          ) : (
            <RuleSummary rule={rule} />
          )}
        </button>
        {!disabledReason && (
          <Menu
            align="end"
            trigger={
              <Button look="ghost" size="icon-sm" aria-label={messages.rules.more(place)}>
                <MoreHorizontal />
              </Button>
            }
          >
            <MenuItem disabledReason={index === 0 && messages.rules.first} onSelect={() => onMove(index - 1)}>
              {messages.rules.moveUp}
            </MenuItem>
            <MenuItem
              disabledReason={index === count - 1 && messages.rules.last}
              onSelect={() => onMove(index + 1)}
            >
              {messages.rules.moveDown}
            </MenuItem>
            <MenuItem onSelect={onDuplicate}>
              <Copy aria-hidden /> {messages.rules.duplicate}
            </MenuItem>
            <MenuSeparator />
            <MenuItem danger onSelect={onRemove}>
              <Trash2 aria-hidden /> {messages.rules.remove}
            </MenuItem>
          </Menu>
        )}
      </div>
      {open && (
        <div className="space-y-4 border-t px-3 pt-3 pb-4 sm:px-4">
          <ConditionGroup
            group={asGroup(rule.when)}
            pointer={`${pointer}/when`}
            lone={!isGroup(rule.when)}
            onChange={(when) => onChange({ ...rule, when })}
          />
          <div className="flex items-start gap-3">
            <span className="pt-1.5 text-sm text-muted">{messages.rules.serve}</span>
            <ServeEditor
              label={messages.rules.serveLabel(place)}
              pointer={`${pointer}/serve`}
              serve={rule.serve}
              onChange={(serve) => onChange({ ...rule, serve })}
            />
          </div>
          <div className="flex flex-wrap items-center gap-2 text-xs text-muted">
            <label htmlFor={`${nameId}-name`}>{messages.rules.name}</label>
            <Input
              id={`${nameId}-name`}
              aria-invalid={badName ? true : undefined}
              readOnly={Boolean(disabledReason)}
              className="h-7 w-44 font-mono text-xs"
              value={rule.id}
              onChange={(event) => onChange({ ...rule, id: event.target.value })}
            />
            {badName && (
              <span role="alert" className="text-danger">
                {badName}
              </span>
            )}
          </div>
        </div>
      )}
    </fieldset>
  );
}
