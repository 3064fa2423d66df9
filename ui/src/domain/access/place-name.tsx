import type { Project } from "@/api/types";
import { EnvironmentName } from "@/components/environment-name";
import type { Place } from "./holds";
import { messages } from "./messages";

export interface PlaceNameProps {
  place: Place;
  projects: readonly Project[];
}

/** Where something is granted, by name: the whole organization, a project, or an environment of one. */
export function PlaceName({ place, projects }: PlaceNameProps) {
  if (place.project === undefined) return messages.wholeOrganization;
  const project = projects.find(({ key }) => key === place.project);
  const environment = project?.environments.find(({ key }) => key === place.environment);
  const name = project?.name ?? place.project;
  if (place.environment === undefined) return name;
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-x-1">
      {name} <span className="text-faint">/</span>{" "}
      {environment ? <EnvironmentName environment={environment} /> : place.environment}
    </span>
  );
}

/** The same as text. */
export function placeText({ project: key, environment }: Place, projects: readonly Project[]): string {
  if (key === undefined) return messages.theOrganization;
  const project = projects.find((item) => item.key === key);
  const name = project?.name ?? key;
  if (environment === undefined) return name;
  const found = project?.environments.find((item) => item.key === environment);
  return `${name} / ${found?.name ?? environment}`;
}
