import { X } from "lucide-react";
import type { ClipboardEvent, KeyboardEvent } from "react";
import { useRef, useState } from "react";
import { NativeSelect } from "@/components/ui/input";
import type { ValueKind } from "@/domain/targeting/operators";
import type { ScalarKind } from "@/domain/targeting/values";
import { scalarKind, showValue, splitPasted, toValue, valueProblem } from "@/domain/targeting/values";
import { cn } from "@/lib/cn";
import { useEditor } from "./editor-context";
import { messages } from "./messages";

export interface ValueChipsProps {
  values: readonly unknown[];
  kind: ValueKind;
  onChange: (values: unknown[]) => void;
  label: string;
  invalid?: boolean;
  placeholder?: string;
}

const SHOWN = 200;

/** Whether a comma ends a value of the kind: it may be part of a text, or of an expression. */
const separates = (kind: ValueKind) => kind !== "regex" && kind !== "text";

/** A list of values: typed one by one, or pasted by the thousand. */
export function ValueChips({ values, kind, onChange, label, invalid, placeholder }: ValueChipsProps) {
  const { disabledReason } = useEditor();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const edited = useRef<string | null>(null);
  const [refused, setRefused] = useState<string>();
  const [scalar, setScalar] = useState<ScalarKind>(() => scalarKind(values[0] ?? ""));
  const readOnly = Boolean(disabledReason);

  const add = (texts: string[]) => {
    const check = kind === "any" && scalar === "number" ? "number" : kind;
    const problem = texts.map((text) => valueProblem(check, text)).find(Boolean);
    setRefused(problem);
    if (problem) return false;
    const known = new Set(values);
    const fresh = texts.map((text) => toValue(kind, text, scalar)).filter((value) => !known.has(value));
    if (fresh.length > 0) onChange([...values, ...new Set(fresh)]);
    return true;
  };
  const commit = () => {
    // A value that is edited may hold commas; what was typed, dictated or dropped is a list of values, as a paste is.
    const verbatim = !separates(kind) || (edited.current?.includes(",") ?? false);
    const texts = verbatim ? [kind === "regex" ? typed : typed.trim()].filter(Boolean) : splitPasted(typed);
    if (texts.length === 0) setRefused(undefined);
    else if (!add(texts)) return;
    edited.current = null;
    setTyped("");
  };
  // A field that is only to be read still gets the keys and pastes of whoever is in it.
  const press = (event: KeyboardEvent) => {
    if (readOnly) return;
    if (event.key === "Enter" || (event.key === "," && separates(kind))) {
      event.preventDefault();
      commit();
    }
    if (event.key === "Backspace" && typed === "") onChange(values.slice(0, -1));
  };
  const paste = (event: ClipboardEvent) => {
    if (readOnly) return;
    const parts = splitPasted(event.clipboardData.getData("text"));
    if (kind === "regex" || parts.length < 2) return;
    event.preventDefault();
    add(parts);
  };
  const edit = (index: number) => {
    if (readOnly) return;
    edited.current = showValue(values[index]);
    setTyped(edited.current);
    onChange(values.filter((_, place) => place !== index));
    input.current?.focus();
  };

  return (
    <div className="min-w-40 flex-1">
      <div
        className={cn(
          "flex min-h-8 flex-wrap items-center gap-1 rounded-md border border-line-strong bg-panel p-[3px] focus-within:border-brand focus-within:outline-1 focus-within:outline-brand",
          (invalid || refused) && "border-danger",
        )}
      >
        <ul className="contents" aria-label={messages.chips.list(label)}>
          {values.slice(0, SHOWN).map((value, index) => (
            <li
              key={`${typeof value} ${showValue(value)}`}
              className="flex h-6 max-w-full items-center rounded bg-raised"
            >
              <button
                type="button"
                className="h-6 min-w-6 truncate pl-1.5 text-left font-mono text-xs"
                title={messages.chips.edit}
                onClick={() => edit(index)}
              >
                {showValue(value)}
              </button>
              <button
                type="button"
                aria-label={messages.chips.remove(showValue(value))}
                disabled={readOnly}
                className="grid size-6 shrink-0 place-items-center text-muted hover:text-ink"
                onClick={() => onChange(values.filter((_, place) => place !== index))}
              >
                <X className="size-3" aria-hidden />
              </button>
            </li>
          ))}
          {values.length > SHOWN && (
            <li className="px-1 text-xs text-muted">{messages.chips.more(values.length - SHOWN)}</li>
          )}
        </ul>
        <input
          ref={input}
          aria-label={label}
          aria-invalid={invalid || refused ? true : undefined}
          readOnly={readOnly}
          value={typed}
          placeholder={values.length === 0 ? (placeholder ?? messages.chips.placeholders[kind]) : ""}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={press}
          onPaste={paste}
          onBlur={commit}
          className="h-6 min-w-16 flex-1 bg-transparent px-1 font-mono text-xs outline-none"
        />
        {kind === "any" && !readOnly && (
          <NativeSelect
            aria-label={messages.chips.type(label)}
            value={scalar}
            onChange={(event) => setScalar(event.target.value as ScalarKind)}
            className="h-6 border-transparent bg-transparent py-0 pr-5 pl-1 text-2xs text-muted"
          >
            <option value="text">{messages.chips.text}</option>
            <option value="number">{messages.chips.number}</option>
            <option value="boolean">{messages.chips.boolean}</option>
          </NativeSelect>
        )}
      </div>
      {refused && (
        <p role="alert" className="mt-1 text-xs text-danger">
          {refused}
        </p>
      )}
    </div>
  );
}
