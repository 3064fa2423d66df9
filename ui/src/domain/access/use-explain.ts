import { askWhy } from "./question";
import { useProjects } from "./use-projects";

/** Opens the panel about a member: whether they can change production, or else what else there is. */
export function useExplain(org: string): (member: string) => void {
  const projects = useProjects(org);
  return (member) => {
    const [first] = projects;
    const production = projects.find(({ environments }) => environments.some((item) => item.production));
    const project = production ?? first;
    const environment = project?.environments.find((item) => item.production) ?? project?.environments[0];
    if (!project || !environment) return askWhy({ org, member, permission: "project.create" });
    askWhy({
      org,
      member,
      permission: "targeting.update",
      project: project.key,
      environment: environment.key,
    });
  };
}
