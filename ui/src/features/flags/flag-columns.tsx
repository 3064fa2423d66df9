import type { Environment, Flag } from "@/api/types";
import { EnvironmentName } from "@/components/environment-name";
import type { Column } from "@/components/table/column";
import { Time } from "@/components/time";
import { EnvironmentCell } from "./environment-cell";
import { FlagCell } from "./flag-cell";
import { messages } from "./messages";

export interface FlagColumns {
  org: string;
  project: string;
  environments: readonly Environment[];
  /** The keys of the environments that stay beside the names, in their order. */
  pins: readonly string[];
  /** The environment through which the list is looked at: only its column is shown. */
  env: string | undefined;
}

/** The list's columns: the name, the pinned environments, the others, and when the flag last changed. */
export function flagColumns({ org, project, environments, pins, env }: FlagColumns): Column<Flag>[] {
  const chosen = environments.find((item) => item.key === env);
  const shown = chosen
    ? [chosen]
    : [
        ...pins.flatMap((key) => environments.find((item) => item.key === key) ?? []),
        ...environments.filter((item) => !pins.includes(item.key)),
      ];
  return [
    {
      id: "name",
      header: messages.columns.flag,
      width: 308,
      phoneWidth: 168,
      pinned: true,
      cell: (flag) => <FlagCell org={org} project={project} flag={flag} env={chosen?.key} />,
    },
    ...shown.map((environment): Column<Flag> => {
      const pinned = chosen !== undefined || pins.includes(environment.key);
      return {
        id: environment.id,
        header: <EnvironmentName environment={environment} />,
        width: 118,
        phoneWidth: 112,
        pinned,
        cell: (flag) => (
          <EnvironmentCell
            org={org}
            project={project}
            flag={flag}
            environment={environment}
            pinned={pinned}
          />
        ),
      };
    }),
    {
      id: "changed",
      header: messages.columns.changed,
      width: 110,
      align: "end",
      hideBelow: 700,
      cell: (flag) => <Time at={lastChange(flag)} className="whitespace-nowrap text-xs text-faint" />,
    },
  ];
}

/** When the flag or its targeting anywhere last changed. */
function lastChange(flag: Flag): string {
  const times = Object.values(flag.environments).map((state) => state.updatedAt);
  return [flag.updatedAt, ...times].reduce((a, b) => (Date.parse(b) > Date.parse(a) ? b : a));
}
