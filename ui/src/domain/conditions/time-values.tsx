import { Input } from "@/components/ui/input";
import { fromLocalInput, toLocalInput } from "@/domain/targeting/values";
import { useEditor } from "./editor-context";
import { messages } from "./messages";

export interface TimeValuesProps {
  values: readonly unknown[];
  onChange: (values: unknown[]) => void;
  invalid?: boolean;
}

/** The moment that a clause compares with, in the reader's own time zone. */
export function TimeValues({ values, onChange, invalid }: TimeValuesProps) {
  const { disabledReason } = useEditor();
  const shown = values.length === 0 ? [""] : values;
  const edit = (index: number, text: string) => {
    const time = fromLocalInput(text);
    const next = [...values];
    if (time === undefined) next.splice(index, 1);
    else next[index] = time;
    onChange(next);
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      {shown.map((value, index) => (
        <Input
          // biome-ignore lint/suspicious/noArrayIndexKey: the input at a place keeps its focus while its time changes
          key={index}
          type="datetime-local"
          aria-label={index === 0 ? messages.time : messages.nthTime(index + 1)}
          aria-invalid={invalid || undefined}
          title={typeof value === "string" ? value : undefined}
          readOnly={Boolean(disabledReason)}
          className="w-auto"
          value={toLocalInput(value)}
          onChange={(event) => edit(index, event.target.value)}
        />
      ))}
      <span className="text-xs text-muted">{messages.yourTimeZone}</span>
    </div>
  );
}
