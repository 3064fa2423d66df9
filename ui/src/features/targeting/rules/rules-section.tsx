import { Plus } from "lucide-react";
import { useState } from "react";
import type { Rule } from "@/api/types";
import { moveItem } from "@/components/sortable/move-item";
import { SortableList } from "@/components/sortable/sortable-list";
import { Button } from "@/components/ui/button";
import { useEditor } from "@/domain/conditions/editor-context";
import { useItemIds } from "@/lib/item-ids";
import { messages } from "../messages";
import { RuleCard } from "./rule-card";
import { copyOfRule, newRule } from "./rule-id";

const nameOf = (index: number) => messages.rules.nth(index + 1);

export function RulesSection({ rules, onChange }: { rules: Rule[]; onChange: (rules: Rule[]) => void }) {
  const { variations, disabledReason } = useEditor();
  // A rule's own id is edited, so it does not tell which rule is which.
  const { ids, idOf } = useItemIds(rules);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const move = (from: number, to: number) => onChange(moveItem(rules, from, to));
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  const insert = (rule: Rule, index: number) => {
    setOpen(new Set(open).add(idOf(rule)));
    onChange([...rules.slice(0, index), rule, ...rules.slice(index)]);
  };
  return (
    <div className="space-y-2">
      <SortableList
        label={messages.rules.title}
        ids={ids}
        nameOf={nameOf}
        onMove={move}
        fixed={Boolean(disabledReason)}
        className="space-y-2"
      >
        {(index) => {
          const [rule, id] = [rules[index], ids[index]];
          return (
            rule &&
            id && (
              <RuleCard
                rule={rule}
                index={index}
                count={rules.length}
                open={open.has(id)}
                onToggle={() => toggle(id)}
                onChange={(next) => onChange(rules.map((item, place) => (place === index ? next : item)))}
                onMove={(to) => move(index, to)}
                onDuplicate={() => insert(copyOfRule(rules, rule), index + 1)}
                onRemove={() => onChange(rules.filter((_, place) => place !== index))}
              />
            )
          );
        }}
      </SortableList>
      <Button
        size="sm"
        disabledReason={disabledReason}
        onClick={() => insert(newRule(rules, variations[0]?.key ?? ""), rules.length)}
      >
        <Plus aria-hidden /> {messages.rules.add}
      </Button>
    </div>
  );
}
