import { useEffect, useRef } from "react";
import type { Environment, Flag } from "@/api/types";
import { EnvironmentName } from "@/components/environment-name";
import { Time } from "@/components/time";
import { useUnsavedEnvironments } from "@/domain/targeting/config";
import { cn } from "@/lib/cn";
import { EnvironmentSwitch } from "./environment-switch";
import { messages } from "./messages";

export interface EnvironmentTabsProps {
  org: string;
  project: string;
  flag: Flag;
  environments: Environment[];
  chosen: Environment;
  onChoose: (key: string) => void;
}

/** The environments side by side, each with its switch; the chosen one is what the page shows. */
export function EnvironmentTabs({
  org,
  project,
  flag,
  environments,
  chosen,
  onChoose,
}: EnvironmentTabsProps) {
  const unsaved = useUnsavedEnvironments({ org, project, flag: flag.key });
  const current = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the chosen one may stand outside of the screen
  useEffect(() => {
    // Scrolling answers a promise in newer browsers, which must not be taken for the effect's cleanup.
    current.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosen.key]);
  return (
    <ul
      aria-label={messages.environments}
      className="-mx-4 mb-4 flex gap-2 overflow-x-auto px-4 py-0.5 [scrollbar-width:none] sm:mx-0 sm:flex-wrap sm:overflow-visible sm:px-0"
    >
      {environments.map((environment) => {
        const isChosen = environment.key === chosen.key;
        const state = flag.environments[environment.key];
        return (
          <li
            key={environment.id}
            ref={isChosen ? current : null}
            className={cn(
              "flex min-w-44 shrink-0 items-center gap-3 rounded-lg border bg-panel pr-3 transition-colors",
              isChosen ? "border-brand ring-1 ring-brand" : "hover:border-line-strong",
            )}
          >
            <button
              type="button"
              aria-pressed={isChosen}
              onClick={() => onChoose(environment.key)}
              className="min-w-0 flex-1 rounded-lg py-2 pl-3 text-left"
            >
              <EnvironmentName environment={environment} className="text-sm font-medium" />
              <span className="block text-xs text-muted">
                {state?.enabled ? messages.state.on : messages.state.off}
                {state && state.ruleCount > 0 && ` · ${messages.state.rules(state.ruleCount)}`}
                {state?.lastEvaluatedAt && (
                  <> · {messages.state.evaluated(<Time at={state.lastEvaluatedAt} />)}</>
                )}
                {unsaved.includes(environment.key) && (
                  <span className="text-boo-ink"> · {messages.state.unsaved}</span>
                )}
              </span>
            </button>
            <EnvironmentSwitch org={org} project={project} flag={flag} environment={environment} />
          </li>
        );
      })}
    </ul>
  );
}
