import { useState } from "react";
import type { Environment, Flag } from "@/api/types";
import { Switch } from "@/components/ui/switch";
import { useRefusal } from "@/domain/access/use-refusal";
import { ConfirmToggle } from "./confirm-toggle";
import { messages } from "./messages";
import { useToggle } from "./use-toggle";

export interface EnvironmentSwitchProps {
  org: string;
  project: string;
  flag: Flag;
  environment: Environment;
}

/** A flag's switch in one environment. Where changes must be confirmed, it asks first. */
export function EnvironmentSwitch({ org, project, flag, environment }: EnvironmentSwitchProps) {
  const toggle = useToggle(org);
  const refusal = useRefusal("flag.toggle", { project, environment: environment.key });
  // What is confirmed is what was asked, whatever others do to the switch while the question stands.
  const [asked, setAsked] = useState<boolean | null>(null);
  const enabled = flag.environments[environment.key]?.enabled ?? false;
  const move = (to: boolean, comment?: string) =>
    toggle.mutate({ org, project, flag: flag.key, environment: environment.key, enabled: to, comment });
  return (
    <>
      <Switch
        aria-label={messages.state.inEnvironment({
          flag: flag.name || flag.key,
          environment: environment.name,
        })}
        checked={enabled}
        pending={toggle.isPending}
        disabledReason={flag.archivedAt ? messages.toggle.archived : refusal}
        onCheckedChange={() => (environment.production ? setAsked(!enabled) : move(!enabled))}
      />
      {asked !== null && (
        <ConfirmToggle
          org={org}
          project={project}
          flag={flag}
          environment={environment}
          enable={asked}
          overtaken={enabled === asked}
          onCancel={() => setAsked(null)}
          onConfirm={(comment) => {
            setAsked(null);
            move(asked, comment);
          }}
        />
      )}
    </>
  );
}
