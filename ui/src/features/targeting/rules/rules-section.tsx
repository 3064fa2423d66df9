import { Plus } from "lucide-react";
import { useState } from "react";
import type { Rule } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useEditor } from "@/domain/conditions/editor-context";
import { cn } from "@/lib/cn";
import { RuleCard } from "./rule-card";
import { newRule, nextRuleId } from "./rule-id";
import { moveItem, useReorder } from "./use-reorder";

export function RulesSection({ rules, onChange }: { rules: Rule[]; onChange: (rules: Rule[]) => void }) {
  const { variations, disabledReason } = useEditor();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [said, setSaid] = useState("");
  const move = (from: number, to: number) => {
    onChange(moveItem(rules, from, to));
    const places = moveItem(
      rules.map((_, index) => open.has(index)),
      from,
      to,
    );
    setOpen(new Set(places.flatMap((isOpen, index) => (isOpen ? [index] : []))));
    setSaid(`Rule ${from + 1} is now rule ${to + 1}.`);
  };
  const { list, dragged, handle } = useReorder(rules.length, move);
  const toggle = (index: number) => {
    const next = new Set(open);
    if (!next.delete(index)) next.add(index);
    setOpen(next);
  };
  const insert = (rule: Rule, index: number) => {
    onChange([...rules.slice(0, index), rule, ...rules.slice(index)]);
    const shifted = [...open].map((place) => (place >= index ? place + 1 : place));
    setOpen(new Set([...shifted, index]));
  };
  const remove = (index: number) => {
    onChange(rules.filter((_, place) => place !== index));
    setOpen(
      new Set(
        [...open].filter((place) => place !== index).map((place) => (place > index ? place - 1 : place)),
      ),
    );
  };
  return (
    <div className="space-y-2">
      <ol ref={list} className="space-y-2" aria-label="Rules">
        {rules.map((rule, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule's name is edited, so its place is what stays
            key={index}
            className={cn(
              dragged && dragged.to === index && dragged.from > index && "border-t-2 border-brand pt-1",
              dragged && dragged.to === index && dragged.from < index && "border-b-2 border-brand pb-1",
            )}
          >
            <RuleCard
              rule={rule}
              index={index}
              count={rules.length}
              open={open.has(index)}
              lifted={dragged?.from === index}
              handle={handle(index)}
              onToggle={() => toggle(index)}
              onChange={(next) => onChange(rules.map((item, place) => (place === index ? next : item)))}
              onMove={(to) => move(index, to)}
              onDuplicate={() => insert({ ...rule, id: nextRuleId(rules, rule.id) }, index + 1)}
              onRemove={() => remove(index)}
            />
          </li>
        ))}
      </ol>
      <span role="status" className="sr-only">
        {said}
      </span>
      <Button
        size="sm"
        disabledReason={disabledReason}
        onClick={() => insert(newRule(rules, variations[0]?.key ?? ""), rules.length)}
      >
        <Plus aria-hidden /> Add rule
      </Button>
    </div>
  );
}
