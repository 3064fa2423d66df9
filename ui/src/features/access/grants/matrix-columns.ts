import type { Environment, Project } from "@/api/types";

/** As many environments get a column of their own. */
const MOST_COLUMNS = 3;

/** The environments that get a column, by key: production first, then those that most projects have. */
export function columnsOf(projects: readonly Project[]): Environment[] {
  const found = new Map<string, { environment: Environment; count: number }>();
  for (const environment of projects.flatMap(({ environments }) => environments)) {
    const held = found.get(environment.key);
    if (held) held.count += 1;
    else found.set(environment.key, { environment, count: 1 });
  }
  return [...found.values()]
    .sort(
      (a, b) =>
        Number(b.environment.production) - Number(a.environment.production) ||
        b.count - a.count ||
        a.environment.position - b.environment.position,
    )
    .slice(0, MOST_COLUMNS)
    .map(({ environment }) => environment)
    .sort((a, b) => a.position - b.position);
}
