import type { Environment, Flag } from "@/api/types";

export interface LastUse {
  environment: Environment;
  at: string;
}

/** Where and when an application last evaluated the flag; nothing where none has. */
export function lastUse(flag: Flag, environments: readonly Environment[]): LastUse | undefined {
  const uses = environments.flatMap((environment): LastUse[] => {
    const at = flag.environments[environment.key]?.lastEvaluatedAt;
    return at ? [{ environment, at }] : [];
  });
  return uses.reduce<LastUse | undefined>(
    (latest, use) => (latest && Date.parse(latest.at) >= Date.parse(use.at) ? latest : use),
    undefined,
  );
}
