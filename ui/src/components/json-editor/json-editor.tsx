import { WrapText } from "lucide-react";
import { Suspense, useId, useRef } from "react";
import { formatJson, readJson } from "@/lib/json";
import { lazyPart } from "@/lib/lazy-part";
import { messages } from "../messages";
import { PartBoundary } from "../part-boundary";
import { Button } from "../ui/button";
import { Textarea } from "../ui/input";

const CodeEditor = lazyPart(() => import("./code-editor"), "CodeEditor");

export interface JsonEditorProps {
  /** Names the editor: a text, or the id of the element that does. */
  label: { text: string } | { id: string };
  /** The id of what explains it. */
  describedBy?: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  /** What is wrong with the value. */
  problem?: string | undefined;
  readOnly?: boolean;
}

/**
 * Edits JSON with line numbers, colors and marked errors. Tab leaves it, as it leaves any field. Until the editor's code
 * is here, and where it cannot be downloaded, it is a plain text field.
 */
export function JsonEditor(props: JsonEditorProps) {
  const { label, describedBy, value, onChange, onBlur, problem, readOnly = false } = props;
  const problemId = useId();
  const plain = useRef<HTMLTextAreaElement>(null);
  const attributes = {
    ...("text" in label ? { "aria-label": label.text } : { "aria-labelledby": label.id }),
    ...(problem || describedBy ? { "aria-describedby": problem ? problemId : describedBy } : {}),
    ...(problem ? { "aria-invalid": "true" as const } : {}),
  };
  const fallback = (
    <Textarea
      {...attributes}
      ref={plain}
      readOnly={readOnly}
      spellCheck={false}
      rows={Math.min(12, value.split("\n").length + 1)}
      className="font-mono text-xs leading-5"
      value={value}
      onBlur={onBlur}
      onChange={(event) => onChange(event.target.value)}
    />
  );
  const formatted = readOnly || "problem" in readJson(value) ? value : formatJson(value);
  return (
    <div className="min-w-0">
      <div className="relative">
        <PartBoundary fallback={fallback}>
          <Suspense fallback={fallback}>
            <CodeEditor
              attributes={attributes}
              value={value}
              readOnly={readOnly}
              // Whoever is typing already goes on typing.
              startsAt={() =>
                plain.current && plain.current === document.activeElement
                  ? plain.current.selectionStart
                  : null
              }
              onChange={onChange}
              onBlur={onBlur}
            />
          </Suspense>
        </PartBoundary>
        {formatted !== value && (
          <Button
            look="ghost"
            size="icon-sm"
            aria-label={messages.json.format}
            title={messages.json.formatHint}
            className="absolute top-1 right-1 bg-panel"
            onClick={() => onChange(formatted)}
          >
            <WrapText />
          </Button>
        )}
      </div>
      {problem && (
        <p id={problemId} role="alert" className="mt-1 text-xs text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}
