import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { projectQuery } from "@/api/queries";
import { Missing } from "@/components/failure";
import { PageHeader } from "@/components/page-header";
import { page, paths } from "@/paths";
import { EnvironmentSettings } from "./environment-settings";
import { EnvironmentTabs } from "./environment-tabs";

/** An environment's name, color and confirmation, and the way to delete it. */
export function EnvironmentSettingsPage() {
  const scope = useParams({ from: page(paths.environmentSettings) });
  const { data: project } = useSuspenseQuery(projectQuery(scope));
  const environment = project.environments.find((item) => item.key === scope.environment);
  if (!environment) return <Missing />;
  return (
    <div key={environment.id}>
      <PageHeader title={environment.name} beside={<code className="font-mono">{environment.key}</code>} />
      <EnvironmentTabs scope={scope} />
      <EnvironmentSettings scope={scope} environment={environment} only={project.environments.length === 1} />
    </div>
  );
}
