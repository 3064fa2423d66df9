import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Box, Plus } from "lucide-react";
import { useState } from "react";
import { organizationQuery, projectsQuery } from "@/api/queries";
import type { Project } from "@/api/types";
import { EnvironmentName } from "@/components/environment-name";
import { ErrorNote } from "@/components/error-note";
import { itemsOf } from "@/components/every-page";
import { MoreButton } from "@/components/more-button";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { ListSkeleton } from "@/components/ui/skeleton";
import { useRefusal } from "@/domain/access/use-refusal";
import { useCommands } from "@/domain/palette/commands";
import { page, paths } from "@/paths";
import { CreateProjectDialog } from "./create-project-dialog";
import { messages } from "./messages";

export function ProjectsPage() {
  const { org } = useParams({ from: page(paths.organization) });
  const organization = useQuery(organizationQuery(org));
  const projects = useInfiniteQuery(projectsQuery(org));
  const items = itemsOf(projects.data);
  const refusal = useRefusal("project.create");
  const [creating, setCreating] = useState(false);
  useCommands([
    { id: "create-project", name: messages.create, run: () => setCreating(true), disabledReason: refusal },
  ]);
  return (
    <>
      <PageHeader
        title={messages.title}
        description={organization.data && messages.description(organization.data.name)}
        actions={
          <Button look="primary" disabledReason={refusal} onClick={() => setCreating(true)}>
            <Plus aria-hidden /> {messages.create}
          </Button>
        }
      />
      {projects.isPending && <ListSkeleton rows={3} label={messages.loading} />}
      {projects.isLoadingError && <ErrorNote error={projects.error} retry={() => void projects.refetch()} />}
      {projects.isSuccess && items.length === 0 && (
        <Empty
          title={messages.none}
          action={
            <Button look="primary" disabledReason={refusal} onClick={() => setCreating(true)}>
              {messages.create}
            </Button>
          }
        >
          {messages.noneHelp}
        </Empty>
      )}
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {items.map((project) => (
          <ProjectCard key={project.id} org={org} project={project} />
        ))}
      </ul>
      <MoreButton query={projects} />
      {creating && <CreateProjectDialog org={org} onClose={() => setCreating(false)} />}
    </>
  );
}

function ProjectCard({ org, project }: { org: string; project: Project }) {
  return (
    <li className="relative rounded-lg border bg-panel p-4 transition-colors focus-within:border-line-strong hover:border-line-strong">
      <div className="flex items-center gap-2.5">
        <Box className="size-4 text-brand" aria-hidden />
        <Link
          to={paths.flags}
          params={{ org, project: project.key }}
          className="truncate text-base font-semibold tracking-tight after:absolute after:inset-0 after:rounded-lg"
        >
          {project.name}
        </Link>
        <span className="ml-auto truncate font-mono text-xs text-muted">{project.key}</span>
      </div>
      {project.description && <p className="mt-1.5 line-clamp-2 text-sm text-muted">{project.description}</p>}
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted">
        <span>{messages.flags(project.flagCount)}</span>
        {project.environments.map((environment) => (
          <EnvironmentName key={environment.id} environment={environment} />
        ))}
      </div>
    </li>
  );
}
