import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { KeyRound, Plug, Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { projectQuery } from "@/api/queries";
import type { Environment } from "@/api/types";
import { EnvironmentDot } from "@/components/environment-name";
import { PageHeader } from "@/components/page-header";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access";
import { useCommands } from "@/domain/palette/commands";
import { page, paths } from "@/paths";
import { CreateEnvironmentDialog } from "./create-environment-dialog";
import { messages } from "./messages";

export function EnvironmentsPage() {
  const scope = useParams({ from: page(paths.environments) });
  const { data: project } = useSuspenseQuery(projectQuery(scope));
  const refusal = useRefusal("admin");
  const [creating, setCreating] = useState(false);
  useCommands([
    {
      id: "create-environment",
      name: messages.create,
      run: () => setCreating(true),
      disabledReason: refusal,
    },
  ]);
  return (
    <>
      <PageHeader
        title={messages.title}
        description={messages.description}
        actions={
          <Button look="primary" disabledReason={refusal} onClick={() => setCreating(true)}>
            <Plus aria-hidden /> {messages.create}
          </Button>
        }
      />
      <Panel>
        <ul aria-label={messages.title} className="divide-y">
          {project.environments.map((environment) => (
            <EnvironmentRow key={environment.id} {...scope} environment={environment} />
          ))}
        </ul>
      </Panel>
      {creating && (
        <CreateEnvironmentDialog
          scope={scope}
          environments={project.environments}
          onClose={() => setCreating(false)}
        />
      )}
    </>
  );
}

function EnvironmentRow({
  org,
  project,
  environment,
}: {
  org: string;
  project: string;
  environment: Environment;
}) {
  const params = { org, project, environment: environment.key };
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-3">
      <EnvironmentDot environment={environment} className="size-2.5" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <Link to={paths.environment} params={params} className="truncate font-medium hover:underline">
            {environment.name}
          </Link>
          <span className="font-mono text-xs text-muted">{environment.key}</span>
          {environment.production && (
            <Badge tone="outline">
              <ShieldCheck aria-hidden /> {messages.confirmed}
            </Badge>
          )}
        </p>
        <p className="text-xs text-faint">{messages.version(environment.version)}</p>
      </div>
      <Button asChild size="sm">
        <Link to={paths.environment} params={params} aria-label={messages.keysOf(environment.name)}>
          <KeyRound aria-hidden /> {messages.tabs.keys}
        </Link>
      </Button>
      <Button asChild size="sm">
        <Link to={paths.connect} params={params} aria-label={messages.connectTo(environment.name)}>
          <Plug aria-hidden /> {messages.tabs.connect}
        </Link>
      </Button>
    </li>
  );
}
