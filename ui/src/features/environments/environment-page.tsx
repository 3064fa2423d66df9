import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { projectQuery } from "@/api/queries";
import { Missing } from "@/components/failure";
import { PageHeader } from "@/components/page-header";
import { page, paths } from "@/paths";
import { ConnectionCount } from "./connection-count";
import { EnvironmentTabs } from "./environment-tabs";
import { KeysSection } from "./keys-section";

/** An environment's keys, by which applications connect to it. */
export function EnvironmentPage() {
  const scope = useParams({ from: page(paths.environment) });
  const { data: project } = useSuspenseQuery(projectQuery(scope));
  const environment = project.environments.find((item) => item.key === scope.environment);
  if (!environment) return <Missing />;
  return (
    <div key={environment.id}>
      <PageHeader
        title={environment.name}
        beside={<code className="font-mono">{environment.key}</code>}
        description={<ConnectionCount scope={scope} />}
      />
      <EnvironmentTabs scope={scope} />
      <KeysSection scope={scope} />
    </div>
  );
}
