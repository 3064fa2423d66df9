import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronRight, Plug } from "lucide-react";
import { projectQuery } from "@/api/queries";
import { Missing } from "@/components/failure";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { page, paths } from "@/paths";
import { ConnectionCount } from "./connection-count";
import { EnvironmentSettings } from "./environment-settings";
import { KeysSection } from "./keys-section";

export function EnvironmentPage() {
  const scope = useParams({ from: page(paths.environment) });
  const { data: project } = useSuspenseQuery(projectQuery(scope));
  const environment = project.environments.find((item) => item.key === scope.environment);
  if (!environment) return <Missing />;
  return (
    <div key={environment.id} className="space-y-10">
      <PageHeader
        title={environment.name}
        trail={
          <>
            <Link
              to={paths.environments}
              params={{ org: scope.org, project: scope.project }}
              className="hover:underline"
            >
              Environments
            </Link>
            <ChevronRight className="size-3" aria-hidden />
            <code className="font-mono">{environment.key}</code>
          </>
        }
        description={<ConnectionCount scope={scope} />}
        actions={
          <Button asChild look="primary">
            <Link to={paths.connect} params={scope}>
              <Plug aria-hidden /> Connect your application
            </Link>
          </Button>
        }
      />
      <KeysSection scope={scope} />
      <EnvironmentSettings scope={scope} environment={environment} only={project.environments.length === 1} />
    </div>
  );
}
