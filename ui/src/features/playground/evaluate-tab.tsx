import { Play } from "lucide-react";
import type { FormEvent, KeyboardEvent } from "react";
import { useState } from "react";
import { reasonOf } from "@/api/problem";
import type { Environment, Flag } from "@/api/types";
import { FormAlert } from "@/components/form-alert";
import { JsonEditor } from "@/components/json-editor/json-editor";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useUnsavedTargeting } from "@/domain/targeting/config";
import { targetingProblems } from "@/domain/targeting/problems";
import { parseContext, recentContexts, rememberContext } from "./contexts";
import { EvaluationResult } from "./evaluation-result";
import { messages } from "./messages";
import { useEvaluation } from "./use-evaluation";

export interface EvaluateTabProps {
  org: string;
  project: string;
  flag: Flag;
  environment: Environment;
}

/** What somebody gets of the flag, and every step that led there. Unsaved targeting is evaluated as well. */
export function EvaluateTab({ org, project, flag, environment }: EvaluateTabProps) {
  const recent = recentContexts(project);
  const [text, setText] = useState(recent[0] ?? '{\n  "targetingKey": "user-1",\n  "country": "SE"\n}');
  const context = parseContext(text);
  const problem = "problem" in context ? context.problem : undefined;
  const scope = { org, project, flag: flag.key, environment: environment.key };
  const draft = useUnsavedTargeting(scope, flag.environments[environment.key]?.enabled ?? false);
  const draftProblem = draft && targetingProblems(draft)[0]?.detail;
  const usable = draftProblem === undefined && flag.archivedAt === null;
  const run = useEvaluation(scope, usable ? draft : undefined, () => rememberContext(project, text));
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if ("context" in context) run.mutate(context.context);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit();
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <form onSubmit={submit} onKeyDown={press} className="min-w-0 space-y-3">
        {draft && (
          <p className="rounded-md bg-boo-soft px-3 py-2 text-sm text-boo-ink">
            {draftProblem ? messages.draft.unusable(draftProblem) : messages.draft.included(environment.name)}
          </p>
        )}
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
        {run.data ? (
          <EvaluationResult outcome={run.data} flag={flag} />
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
