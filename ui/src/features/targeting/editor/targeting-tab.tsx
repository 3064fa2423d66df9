import { useSuspenseQuery } from "@tanstack/react-query";
import { GitBranch, ListOrdered, Power, UserCheck, UsersRound } from "lucide-react";
import { useMemo, useState } from "react";
import { targetingQuery } from "@/api/queries";
import type { Environment, Flag } from "@/api/types";
import { useRefusal } from "@/domain/access/use-refusal";
import type { EditorContextValue } from "@/domain/conditions/editor-context";
import { EditorProvider } from "@/domain/conditions/editor-context";
import { KnownAttributes } from "@/domain/conditions/known-attributes";
import { attributesIn } from "@/domain/targeting/conditions";
import { messages } from "../messages";
import { RulesSection } from "../rules/rules-section";
import { ServeEditor } from "../serve/serve-editor";
import { useTargetingEditor } from "../use-targeting-editor";
import { ConflictBanner } from "./conflict-banner";
import { OffVariation } from "./off-variation";
import { PrerequisitesSection } from "./prerequisites-section";
import { Step } from "./step";
import { TargetsSection } from "./targets-section";
import { UnsavedBar } from "./unsaved-bar";

export interface TargetingTabProps {
  org: string;
  project: string;
  flag: Flag;
  environment: Environment;
}

/** Who gets what of a flag in one environment, in the order in which it is decided. */
export function TargetingTab({ org, project, flag, environment }: TargetingTabProps) {
  const scope = useMemo(
    () => ({ org, project, flag: flag.key, environment: environment.key }),
    [org, project, flag.key, environment.key],
  );
  const { data: held } = useSuspenseQuery(targetingQuery(scope));
  const editor = useTargetingEditor(scope, held, flag.variations);
  const [attempts, setAttempts] = useState(0);
  const refusal = useRefusal(["targeting.update", "flag.toggle"], { project, environment: environment.key });
  const disabledReason = flag.archivedAt ? messages.archived : refusal;
  const context: EditorContextValue = {
    org,
    project,
    self: { flag: flag.key },
    variations: flag.variations,
    problems: editor.problems,
    attempts,
    disabledReason,
  };
  const { config, edit } = editor;
  return (
    <EditorProvider value={context}>
      <KnownAttributes used={config.rules.flatMap((rule) => attributesIn(rule.when))} />
      {editor.theirs && (
        <ConflictBanner editor={editor} theirs={editor.theirs} variations={flag.variations} />
      )}
      <Step icon={Power} title={messages.off.title} description={messages.off.help}>
        <OffVariation value={config.offVariation} onChange={(offVariation) => edit({ offVariation })} />
      </Step>
      <Step icon={GitBranch} title={messages.prerequisites.title} description={messages.prerequisites.help}>
        <PrerequisitesSection
          prerequisites={config.prerequisites}
          onChange={(prerequisites) => edit({ prerequisites })}
        />
      </Step>
      <Step icon={UserCheck} title={messages.targets.title} description={messages.targets.help}>
        <TargetsSection targets={config.targets} onChange={(targets) => edit({ targets })} />
      </Step>
      <Step icon={ListOrdered} title={messages.rules.title} description={messages.rules.help}>
        <RulesSection rules={config.rules} onChange={(rules) => edit({ rules })} />
      </Step>
      <Step
        icon={UsersRound}
        title={messages.everyoneElse.title}
        description={messages.everyoneElse.help}
        last
      >
        <ServeEditor
          label={messages.everyoneElse.label}
          pointer="/fallthrough"
          serve={config.fallthrough}
          onChange={(fallthrough) => edit({ fallthrough })}
        />
      </Step>
      <UnsavedBar
        editor={editor}
        environment={environment}
        disabledReason={disabledReason}
        onAttempt={() => setAttempts(attempts + 1)}
      />
    </EditorProvider>
  );
}
