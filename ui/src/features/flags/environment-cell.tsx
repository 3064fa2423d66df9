import type { Environment, Flag } from "@/api/types";
import { Popover } from "@/components/ui/popover";
import { EnvironmentSwitch } from "./environment-switch";
import { messages } from "./messages";
import { StateGlyph } from "./state-glyph";
import { stateWord } from "./state-word";

export interface EnvironmentCellProps {
  org: string;
  project: string;
  flag: Flag;
  environment: Environment;
  /** A pinned environment has its switch in the row. The others open it first: nobody toggles what scrolled past. */
  pinned: boolean;
}

/** What a flag does in one environment, and the way to switch it. */
export function EnvironmentCell({ org, project, flag, environment, pinned }: EnvironmentCellProps) {
  const state = flag.environments[environment.key];
  const word = stateWord(state);
  const named = { flag: flag.name || flag.key, environment: environment.name };
  const place = { org, project, flag, environment };
  if (pinned) {
    return (
      <span className="flex items-center gap-2 whitespace-nowrap">
        <EnvironmentSwitch {...place} />
        <span aria-hidden className="text-xs text-muted">
          {word}
        </span>
      </span>
    );
  }
  return (
    <Popover
      label={messages.state.inEnvironment(named)}
      className="w-56"
      trigger={
        <button
          type="button"
          aria-label={messages.state.stateIn({ ...named, state: word })}
          className="-mx-1.5 flex h-7 items-center gap-1.5 whitespace-nowrap rounded-md px-1.5 text-xs text-muted transition-colors hover:bg-raised"
        >
          <StateGlyph enabled={state?.enabled ?? false} />
          {word}
        </button>
      }
    >
      <div className="flex items-center justify-between gap-3">
        <span className="min-w-0">
          <span className="block truncate font-medium">{environment.name}</span>
          <span className="block text-xs text-muted">{word}</span>
        </span>
        <EnvironmentSwitch {...place} />
      </div>
    </Popover>
  );
}
