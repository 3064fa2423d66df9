import { CaseSensitive } from "lucide-react";
import type { Clause, Operator } from "@/api/types";
import { NativeSelect } from "@/components/ui/input";
import { normalClause } from "@/domain/targeting/conditions";
import { messages as targeting } from "@/domain/targeting/messages";
import { OPERATOR_GROUPS, OPERATORS } from "@/domain/targeting/operators";
import { keepValues } from "@/domain/targeting/values";
import { cn } from "@/lib/cn";
import { AttributeInput } from "./attribute-input";
import { useEditor, useProblemAt } from "./editor-context";
import { messages } from "./messages";
import { TimeValues } from "./time-values";
import { ValueChips } from "./value-chips";

export interface ClauseFieldsProps {
  clause: Clause;
  pointer: string;
  onChange: (clause: Clause) => void;
}

export function ClauseFields({ clause, pointer, onChange }: ClauseFieldsProps) {
  const { disabledReason } = useEditor();
  const badAttribute = useProblemAt(`${pointer}/attribute`);
  const badValues = useProblemAt(`${pointer}/values`);
  const info = OPERATORS[clause.op];
  const change = (part: Partial<Clause>) => onChange(normalClause({ ...clause, ...part }));
  const changeOperator = (choice: string) => {
    const negate = choice.startsWith("!");
    const op = (negate ? choice.slice(1) : choice) as Operator;
    const next = OPERATORS[op];
    change({
      op,
      negate,
      values: next.kind === info.kind ? (clause.values ?? []) : keepValues(clause.values ?? [], next.kind),
      ignoreCase: Boolean(clause.ignoreCase) && next.ignoresCase,
    });
  };
  const values = clause.values ?? [];
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-start gap-2">
      <AttributeInput
        value={clause.attribute}
        invalid={Boolean(badAttribute)}
        onChange={(attribute) => change({ attribute })}
      />
      <NativeSelect
        aria-label={messages.comparison}
        value={`${clause.negate ? "!" : ""}${clause.op}`}
        disabled={Boolean(disabledReason)}
        onChange={(event) => changeOperator(event.target.value)}
      >
        {OPERATOR_GROUPS.map(({ name, operators }) => (
          <optgroup key={name} label={targeting.operatorGroups[name]}>
            {operators.map((op) => (
              <option key={op} value={op}>
                {targeting.operators[op].words}
              </option>
            ))}
            {operators.map((op) => (
              <option key={op} value={`!${op}`}>
                {targeting.operators[op].negated}
              </option>
            ))}
          </optgroup>
        ))}
      </NativeSelect>
      {info.ignoresCase && (
        <button
          type="button"
          aria-pressed={clause.ignoreCase === true}
          aria-label={messages.ignoreCase}
          title={clause.ignoreCase ? messages.caseIgnored : messages.caseMatters}
          disabled={Boolean(disabledReason)}
          onClick={() => change({ ignoreCase: !clause.ignoreCase })}
          className={cn(
            "grid size-8 place-items-center rounded-md border border-transparent text-faint hover:bg-raised",
            clause.ignoreCase && "border-brand bg-brand-soft text-brand",
          )}
        >
          <CaseSensitive className="size-4" aria-hidden />
        </button>
      )}
      {info.kind === "time" && (
        <TimeValues
          values={values}
          invalid={Boolean(badValues)}
          onChange={(next) => change({ values: next })}
        />
      )}
      {info.kind !== "time" && info.kind !== "none" && (
        <ValueChips
          key={info.kind}
          label={messages.values}
          kind={info.kind}
          values={values}
          invalid={Boolean(badValues)}
          onChange={(next) => change({ values: next })}
        />
      )}
    </div>
  );
}
