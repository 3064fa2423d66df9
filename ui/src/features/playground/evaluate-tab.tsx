import { useMutation } from "@tanstack/react-query";
import { Play } from "lucide-react";
import type { FormEvent, KeyboardEvent } from "react";
import { useState } from "react";
import { reasonOf } from "@/api/problem";
import { evaluate } from "@/api/projects";
import type { Detail, Environment, Flag } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { JsonEditor } from "@/components/json-editor/json-editor";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { ScrollText } from "@/components/ui/scroll-text";
import { VariationName } from "@/components/variation-name";
import { prettyJson } from "@/lib/pretty-json";
import { parseContext, recentContexts, rememberContext } from "./contexts";
import { messages } from "./messages";
import { reasonWords } from "./trace";
import { TraceView } from "./trace-view";

export interface EvaluateTabProps {
  org: string;
  project: string;
  flag: Flag;
  environment: Environment;
}

/** What somebody gets of the flag, and every step that led there. */
export function EvaluateTab({ org, project, flag, environment }: EvaluateTabProps) {
  const recent = recentContexts(project);
  const [text, setText] = useState(recent[0] ?? '{\n  "targetingKey": "user-1",\n  "country": "SE"\n}');
  const context = parseContext(text);
  const problem = "problem" in context ? context.problem : undefined;
  const run = useMutation({
    mutationFn: (value: Record<string, unknown>) =>
      evaluate(
        { org, project, environment: environment.key },
        { context: value, flags: [flag.key], trace: true },
      ),
    onSuccess: () => rememberContext(project, text),
  });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if ("context" in context) run.mutate(context.context);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit();
  };
  const detail = run.data?.results[flag.key];
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <form onSubmit={submit} onKeyDown={press} className="min-w-0 space-y-3">
        <div>
          <p id="context" className="text-sm font-medium">
            {messages.context}
          </p>
          <p id="context-help" className="mb-2 text-xs text-muted">
            {messages.contextHelp}
          </p>
          <JsonEditor
            label={{ id: "context" }}
            describedBy="context-help"
            value={text}
            onChange={setText}
            problem={problem}
          />
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" look="primary" busy={run.isPending} disabledReason={problem}>
            <Play aria-hidden /> {messages.evaluate(environment.name)}
          </Button>
          {recent.slice(0, 4).map((item) => (
            <Button
              key={item}
              size="sm"
              look="ghost"
              className="max-w-40 font-mono"
              onClick={() => setText(item)}
            >
              <span className="truncate">{contextName(item)}</span>
            </Button>
          ))}
        </div>
        <FormAlert message={run.error ? reasonOf(run.error) : null} />
      </form>
      <Panel aria-label={messages.result} aria-live="polite" className="p-4">
        {detail ? (
          <Result detail={detail} flag={flag} />
        ) : (
          <p className="py-10 text-center text-sm text-muted">{messages.empty}</p>
        )}
      </Panel>
    </div>
  );
}

function contextName(text: string): string {
  const parsed = parseContext(text);
  return "context" in parsed ? String(parsed.context.targetingKey ?? messages.anonymous) : text;
}

function Result({ detail, flag }: { detail: Detail; flag: Flag }) {
  const steps = detail.trace?.steps ?? [];
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <VariationName
          variations={flag.variations}
          variation={detail.variation ?? null}
          className="text-lg font-semibold tracking-tight"
        />
        <Badge tone={detail.reason === "ERROR" ? "danger" : "brand"}>{detail.reason}</Badge>
        <span className="text-sm text-muted">{messages.because(reasonWords(detail))}</span>
      </div>
      <ScrollText label={messages.value} className="max-h-40 rounded-md bg-sunken px-3 py-2">
        {prettyJson(detail.value)}
      </ScrollText>
      {steps.length > 0 && (
        <div>
          <h3 className="mb-2 text-sm font-semibold">{messages.steps}</h3>
          <TraceView steps={steps} />
          {detail.trace?.truncated && <p className="mt-2 text-xs text-muted">{messages.truncated}</p>}
        </div>
      )}
    </div>
  );
}
