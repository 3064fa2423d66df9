import { useSuspenseQuery } from "@tanstack/react-query";
import type { ProjectScope } from "@/api/projects";
import { projectQuery } from "@/api/queries";

/** The names of the project's environments in which changes must be confirmed. */
export function useProductions({ org, project }: ProjectScope): string[] {
  const { data } = useSuspenseQuery(projectQuery({ org, project }));
  return data.environments.filter((item) => item.production).map((item) => item.name);
}
