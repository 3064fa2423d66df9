import { useSuspenseQuery } from "@tanstack/react-query";
import { GitBranch, ListOrdered, Power, UserCheck, UsersRound } from "lucide-react";
import { useMemo } from "react";
import { targetingQuery } from "@/api/queries";
import type { Environment, Flag } from "@/api/types";
import { useRefusal } from "@/domain/access";
import type { EditorContextValue } from "@/domain/conditions/editor-context";
import { EditorProvider } from "@/domain/conditions/editor-context";
import { KnownAttributes } from "@/domain/conditions/known-attributes";
import { attributesIn } from "@/domain/targeting/conditions";
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
  const refusal = useRefusal("editor");
  const disabledReason = flag.archivedAt ? "The flag is archived. Restore it to change it." : refusal;
  const context: EditorContextValue = {
    org,
    project,
    self: { flag: flag.key },
    variations: flag.variations,
    problems: editor.problems,
    disabledReason,
  };
  const { config, edit } = editor;
  return (
    <EditorProvider value={context}>
      <KnownAttributes used={config.rules.flatMap((rule) => attributesIn(rule.when))} />
      {editor.theirs && (
        <ConflictBanner editor={editor} theirs={editor.theirs} variations={flag.variations} />
      )}
      <Step
        icon={Power}
        title="When off"
        description="When the flag is off, everyone gets this variation and the rules below are ignored."
      >
        <OffVariation value={config.offVariation} onChange={(offVariation) => edit({ offVariation })} />
      </Step>
      <Step
        icon={GitBranch}
        title="Prerequisites"
        description="Flags that must serve a given variation first. Otherwise this flag is treated as off."
      >
        <PrerequisitesSection
          prerequisites={config.prerequisites}
          onChange={(prerequisites) => edit({ prerequisites })}
        />
      </Step>
      <Step icon={UserCheck} title="Targets" description="These keys always get the same variation.">
        <TargetsSection targets={config.targets} onChange={(targets) => edit({ targets })} />
      </Step>
      <Step icon={ListOrdered} title="Rules" description="The first match applies.">
        <RulesSection rules={config.rules} onChange={(rules) => edit({ rules })} />
      </Step>
      <Step icon={UsersRound} title="Everyone else" description="Served when no rule matches." last>
        <ServeEditor
          label="Everyone else gets"
          pointer="/fallthrough"
          serve={config.fallthrough}
          onChange={(fallthrough) => edit({ fallthrough })}
        />
      </Step>
      <UnsavedBar editor={editor} environment={environment} disabledReason={disabledReason} />
    </EditorProvider>
  );
}
