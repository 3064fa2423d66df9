import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { KeyRound, Plug, Plus, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { projectQuery } from "@/api/queries";
import type { Environment } from "@/api/types";
import { EnvironmentDot } from "@/components/environment-name";
import { PageHeader } from "@/components/page-header";
import { moveItem } from "@/components/sortable/move-item";
import { DragHandle } from "@/components/sortable/sortable-item";
import { SortableList } from "@/components/sortable/sortable-list";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useRefusal } from "@/domain/access/use-refusal";
import { useCommands } from "@/domain/palette/commands";
import { page, paths } from "@/paths";
import { CreateEnvironmentDialog } from "./create-environment-dialog";
import { messages } from "./messages";
import { useEnvironmentOrder } from "./use-environment-order";

export function EnvironmentsPage() {
  const scope = useParams({ from: page(paths.environments) });
  const { data: project } = useSuspenseQuery(projectQuery(scope));
  const place = { project: scope.project };
  const refusal = useRefusal("environment.create", place);
  const fixed = useRefusal("environment.update", place);
  const [creating, setCreating] = useState(false);
  const { environments } = project;
  const order = useEnvironmentOrder(scope);
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
        <SortableList
          label={messages.title}
          ids={environments.map(({ id }) => id)}
          nameOf={(index) => environments[index]?.name ?? ""}
          onMove={(from, to) => order.mutate(moveItem(environments, from, to))}
          fixed={Boolean(fixed) || environments.length < 2}
          className="divide-y"
        >
          {(index) => {
            const environment = environments[index];
            return environment && <EnvironmentRow {...scope} environment={environment} />;
          }}
        </SortableList>
      </Panel>
      {creating && (
        <CreateEnvironmentDialog
          scope={scope}
          environments={environments}
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
    <div className="flex flex-wrap items-center gap-3 rounded-lg bg-panel px-4 py-3">
      <DragHandle className="-mx-1.5" />
      <EnvironmentDot environment={environment} className="size-2.5" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <Link
            to={paths.environment}
            params={params}
            className="font-medium [overflow-wrap:anywhere] hover:underline"
          >
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
      <div className="flex gap-2 max-sm:w-full max-sm:pl-12">
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
      </div>
    </div>
  );
}
