import { Box, Building2, Info } from "lucide-react";
import { useMemo, useState } from "react";
import type { Project } from "@/api/types";
import { EnvironmentName } from "@/components/environment-name";
import type { Column } from "@/components/table/column";
import { DataTable } from "@/components/table/data-table";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Section } from "@/components/ui/panel";
import { placeText } from "@/domain/access/place-name";
import { useProjects } from "@/domain/access/use-projects";
import { useRoles } from "../lists";
import type { Holder } from "./holder";
import { columnsOf } from "./matrix-columns";
import { messages } from "./messages";
import { RoleMenu } from "./role-menu";

/** What somebody may do, by project and environment. The first row is the whole organization. */
export function GrantMatrix({ org, holder }: { org: string; holder: Holder }) {
  const projects = useProjects(org);
  const [others, setOthers] = useState<Project | null>(null);
  const columns = useMemo(() => matrixColumns(org, holder, projects, setOthers), [org, holder, projects]);
  const rows = useMemo(() => [null, ...projects], [projects]);
  const shown = columnsOf(projects);
  return (
    <Section
      title={messages.title(holder.name)}
      actions={<span className="text-xs text-muted">{messages.fromWider}</span>}
    >
      <DataTable
        label={messages.title(holder.name)}
        rows={rows}
        columns={columns}
        rowId={(project) => project?.key ?? ""}
      />
      <WhatCanChange org={org} holder={holder} projects={projects} />
      {others && (
        <Dialog
          open
          onOpenChange={(open) => !open && setOthers(null)}
          title={messages.othersTitle(others.name)}
        >
          <ul className="divide-y">
            {others.environments
              .filter(({ key }) => !shown.some((column) => column.key === key))
              .map((environment) => (
                <li key={environment.key} className="flex items-center justify-between gap-3 py-2 text-sm">
                  <EnvironmentName environment={environment} />
                  <RoleMenu
                    org={org}
                    holder={holder}
                    scope={{ project: others.key, environment: environment.key }}
                  />
                </li>
              ))}
          </ul>
        </Dialog>
      )}
    </Section>
  );
}

/** A row is a project, or the whole organization. */
type Row = Project | null;

function matrixColumns(
  org: string,
  holder: Holder,
  projects: readonly Project[],
  onOthers: (project: Project) => void,
): Column<Row>[] {
  const shown = columnsOf(projects);
  const othersOf = (project: Project) =>
    project.environments.filter(({ key }) => !shown.some((column) => column.key === key));
  const environments = shown.map(
    (column): Column<Row> => ({
      id: column.key,
      header: <EnvironmentName environment={column} />,
      width: 160,
      cell: (project) => {
        if (!project?.environments.some(({ key }) => key === column.key))
          return <span className="text-faint">{messages.noSuch}</span>;
        return (
          <RoleMenu org={org} holder={holder} scope={{ project: project.key, environment: column.key }} />
        );
      },
    }),
  );
  const others: Column<Row> = {
    id: "others",
    header: messages.others,
    width: 150,
    cell: (project) => {
      const count = project ? othersOf(project).length : 0;
      if (!project || count === 0) return <span className="text-faint">{messages.noSuch}</span>;
      return (
        <Button
          size="sm"
          look="ghost"
          aria-label={messages.showOthers({ project: project.name, count })}
          onClick={() => onOthers(project)}
        >
          {messages.otherCount(count)}
        </Button>
      );
    },
  };
  return [
    {
      id: "project",
      header: messages.project,
      width: 190,
      phoneWidth: 140,
      pinned: true,
      cell: (project) => (
        <span className="flex items-center gap-2">
          {project ? (
            <Box className="size-4 shrink-0 text-brand" aria-hidden />
          ) : (
            <Building2 className="size-4 shrink-0 text-muted" aria-hidden />
          )}
          <span className="min-w-0 truncate font-medium">{project?.name ?? messages.everything}</span>
        </span>
      ),
    },
    {
      id: "whole",
      header: messages.wholeProject,
      width: 160,
      cell: (project) => (
        <RoleMenu org={org} holder={holder} scope={project ? { project: project.key } : {}} />
      ),
    },
    ...environments,
    ...(projects.some((project) => othersOf(project).length > 0) ? [others] : []),
  ];
}

interface WhatCanChangeProps {
  org: string;
  holder: Holder;
  projects: readonly Project[];
}

/** Says in words what the riskiest grants allow: changing what production serves. */
function WhatCanChange({ org, holder, projects }: WhatCanChangeProps) {
  const roles = useRoles(org);
  const changing = holder.grants.filter(({ role }) => {
    const permissions = roles.items.find(({ id }) => id === role.id)?.permissions ?? [];
    return permissions.includes("flag.toggle") || permissions.includes("targeting.update");
  });
  const places = projects.flatMap((project) =>
    project.environments
      .filter(({ production, key }) => {
        const covers = ({ scope }: Holder["grants"][number]) =>
          (scope.project === undefined || scope.project === project.key) &&
          (scope.environment === undefined || scope.environment === key);
        return production && changing.some(covers);
      })
      .map(({ key }) => placeText({ project: project.key, environment: key }, projects)),
  );
  if (places.length === 0) return null;
  return (
    <p className="flex items-start gap-2 rounded-lg border bg-sunken px-3.5 py-2.5 text-sm text-muted">
      <Info className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span>
        <span className="font-medium text-ink">{messages.canChange({ who: holder.name, places })}</span>{" "}
        {messages.canChangeHelp}
      </span>
    </p>
  );
}
