const stored = (org: string) => `peekaboo.project.${org}`;
const ORGANIZATION = "peekaboo.organization";

/** Remembers where somebody works, so that the next visit starts there. */
export function rememberPlace(org: string, project?: string): void {
  localStorage.setItem(ORGANIZATION, org);
  if (project) localStorage.setItem(stored(org), project);
}

export function lastProject(org: string): string | null {
  return localStorage.getItem(stored(org));
}

export function lastOrganization(): string | null {
  return localStorage.getItem(ORGANIZATION);
}
