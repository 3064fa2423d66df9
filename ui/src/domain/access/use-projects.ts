import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { projectsQuery } from "@/api/queries";
import type { Project } from "@/api/types";
import { itemsOf, useEveryPage } from "@/components/every-page";

/** Every project that the person sees, with its environments: the places where access can be given. */
export function useProjects(org: string): readonly Project[] {
  const projects = useInfiniteQuery(projectsQuery(org));
  useEveryPage(projects);
  return useMemo(() => itemsOf(projects.data), [projects.data]);
}
